import { policyToJson, templateToJson } from '../oracle.mjs';
import { withJsonFault } from '../jsonFaults.mjs';
import { Mistakes } from '../mistakes.mjs';
import { makePolicy } from '../policies.mjs';
import { mutatedPolicyJson } from '../policyJson.mjs';
import { bodies, policies } from '../policyDocumentCorners.mjs';
import { environments, makeSchema } from '../schemas.mjs';

/** Policies and templates in JSON, and whether they parse. */
export function policyDocumentVectors(rng) {
    const generated = rng.times(120, () => generatedPolicy(rng));
    const documents = [...policies, ...bodies.map(withBody), ...generated.map(json => mutatedPolicyJson(rng, json)), ...generated.map(json => withJsonFault(rng, json))];
    return documents.map(judged);
}

function withBody(body) {
    return { effect: 'permit', principal: { op: 'All' }, action: { op: 'All' }, resource: { op: 'All' }, conditions: [{ kind: 'when', body }] };
}

function judged(json) {
    return { json, ok: (policyToJson(json) ?? templateToJson(json)) !== undefined };
}

function generatedPolicy(rng) {
    const schema = makeSchema(rng, { small: true });
    const slots = rng.chance(0.2) ? [rng.pick(['?principal', '?resource'])] : [];
    const text = makePolicy(rng, schema, rng.pick(environments(schema)), { mistakes: new Mistakes(rng, 0.03), wildness: 0.1, narrows: 0.3, slots });
    return policyToJson(text) ?? templateToJson(text);
}
