import { makePolicy } from './policies.mjs';
import { policyToJson, templateToJson } from './oracle.mjs';
import { ancestorTypes } from './schemas.mjs';
import { someEntity } from './values.mjs';
import { mutatedPolicyJson } from './policyJson.mjs';

/** A set of policies: as one text, or by id as texts and JSON, with templates and links now and then. */
export function makePolicySet(rng, schema, pickEnvironment, options) {
    const { count, json = 0.2, templates = 0.2, mutatedJson = 0 } = options;
    const policies = rng.times(count, () => makePolicy(rng, schema, pickEnvironment(), options));
    const set = { static: rng.chance(json) ? byId(rng, policies, mutatedJson) : policies.join('\n') };
    if (rng.chance(templates))
        Object.assign(set, makeTemplates(rng, schema, pickEnvironment, options));
    return set;
}

function byId(rng, policies, mutatedJson) {
    return Object.fromEntries(policies.map((policy, i) => [rng.pick([`p${i}`, `policy ${i}`, `id"${i}`]), rng.chance(0.2) ? policy : jsonOf(rng, policy, mutatedJson)]));
}

function jsonOf(rng, policy, mutatedJson) {
    const json = policyToJson(policy);
    if (!rng.chance(mutatedJson))
        return json;
    const mutated = mutatedPolicyJson(rng, json);
    return policyToJson(mutated) ? mutated : json;
}

function makeTemplates(rng, schema, pickEnvironment, options) {
    const set = { templates: {}, links: [] };
    for (let i = 0; i < rng.between(1, 2); i++) {
        const environment = pickEnvironment(), id = `template${i}`;
        const slots = rng.pick([['?principal'], ['?resource'], ['?principal', '?resource']]);
        const policy = makePolicy(rng, schema, environment, { ...options, slots });
        set.templates[id] = rng.chance(0.2) ? templateToJson(policy) : policy;
        for (let j = rng.below(3); j >= 0; j--)
            set.links.push({ template: id, id: `link${i}-${j}`, values: slotValues(rng, schema, environment, slots, policy) });
    }
    return set;
}

function slotValues(rng, schema, environment, slots, policy) {
    return Object.fromEntries(slots.map(slot => {
        const type = environment[slot.slice(1)];
        const types = policy.includes(`in ${slot}`) ? [type, ...ancestorTypes(schema, type)] : [type];
        return [slot, someEntity(rng, schema, rng.chance(0.95) ? rng.pick(types) : rng.pick([...schema.entityTypes.keys()]))];
    }));
}
