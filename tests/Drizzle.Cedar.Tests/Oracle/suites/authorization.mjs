import { authorize } from '../oracle.mjs';
import { makeEntities, makeRequest } from '../entities.mjs';
import { Mistakes } from '../mistakes.mjs';
import { makePolicySet } from '../policySets.mjs';
import { environments, makeSchema } from '../schemas.mjs';

const requestsPerSet = 4;

/** Policy sets with entities and requests, and what the oracle decides. The types come from random schemas that the vectors leave out. */
export function authorizationVectors(rng, count) {
    const cases = [];
    while (cases.length < count) {
        const made = makeCase(rng);
        if (made)
            cases.push({ n: cases.length, ...made });
    }
    return cases;
}

function makeCase(rng) {
    const schema = makeSchema(rng, { small: rng.chance(0.9) });
    const all = environments(schema), usual = rng.pick(all);
    const pickEnvironment = () => rng.chance(0.85) ? usual : rng.pick(all);
    const mistakes = new Mistakes(rng, rng.weighted([[3, 0], [5, 0.015], [3, 0.04]]));
    const policies = makePolicySet(rng, schema, pickEnvironment, {
        count: rng.weighted([[1, 1], [2, 2], [3, 3], [3, 4], [2, 6], [1, 8]]), mistakes, wildness: 0.1, narrows: 0.5, mutatedJson: 0.25,
    });
    const entities = makeEntities(rng, schema);
    const requests = decided(policies, entities, rng.times(requestsPerSet, () => makeRequest(rng, schema, pickEnvironment(), entities)));
    return requests && { policies, entities, requests };
}

function decided(policies, entities, requests) {
    const answers = requests.map(request => authorize(policies, entities, request));
    return answers.every(answer => answer) ? requests.map((request, i) => ({ ...request, ...answers[i] })) : undefined;
}
