import { acceptedSchema, validate } from '../oracle.mjs';
import { Mistakes } from '../mistakes.mjs';
import { makePolicySet } from '../policySets.mjs';
import { schemaJson, schemaText } from '../schemaRendering.mjs';
import { nearMiss } from '../policyText.mjs';
import { environments, makeSchema } from '../schemas.mjs';
import * as corners from '../validationCorners.mjs';

const cornersPerCase = 20;

/** Schemas and policies with what strict validation says: about half of the sets are without mistakes. */
export function validationVectors(rng, count) {
    const cases = cornerCases();
    while (cases.length < count) {
        const made = makeCase(rng);
        if (made)
            cases.push(made);
    }
    return cases.map((made, n) => ({ n, ...made }));
}

function makeCase(rng) {
    const model = makeSchema(rng, { small: rng.chance(0.75) });
    const schema = rng.chance(0.8) ? schemaText(model, rng) : schemaJson(model, rng);
    const flawed = rng.chance(0.68), mistakes = flawed ? new Mistakes(rng, 0.13, rng.weighted([[5, 1], [3, 3], [1, 10]])) : Mistakes.none(rng);
    const policies = makePolicySet(rng, model, () => rng.pick(environments(model)), {
        count: rng.weighted([[3, 1], [4, 2], [2, 3]]), mistakes, wildness: 0, json: 0.1, templates: 0.12,
    });
    if (flawed && typeof policies.static === 'string' && rng.chance(0.4))
        policies.static = policies.static.split('\n').map(text => nearMiss(rng, text)).join('\n');
    return judged(schema, policies);
}

function judged(schema, policies) {
    const verdict = validate(schema, policies);
    return verdict && { schema, policies, valid: verdict.invalid.length === 0, invalid: verdict.invalid, impossible: verdict.impossible };
}

function cornerCases() {
    const texts = [
        ...corners.conditions.map(condition => `permit(principal is User, action == Action::"view", resource is Doc) when { ${condition} };`),
        ...corners.policies,
    ];
    const sets = Array.from({ length: Math.ceil(texts.length / cornersPerCase) }, (_, i) => ({ static: texts.slice(i * cornersPerCase, (i + 1) * cornersPerCase).join('\n') }));
    const linked = corners.templates.map(([template, values]) => ({
        static: '', templates: { template },
        links: [{ template: 'template', id: 'link', values: Object.fromEntries(Object.entries(values).map(([slot, [type, id]]) => [slot, { type, id }])) }],
    }));
    return [...sets, ...linked].map(policies => judged(acceptedSchema(corners.schema), policies));
}
