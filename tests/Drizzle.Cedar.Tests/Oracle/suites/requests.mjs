import { acceptedSchema, requestIsValid } from '../oracle.mjs';
import { makeRequest } from '../entities.mjs';
import { entitySchema, requests } from '../entityCorners.mjs';
import { withJsonFault } from '../jsonFaults.mjs';
import { schemaText } from '../schemaRendering.mjs';
import { environments, makeSchema } from '../schemas.mjs';

/** Requests under a schema that is to validate them. */
export function requestVectors(rng) {
    return [
        ...requests.map(request => judged(acceptedSchema(entitySchema), request)),
        ...rng.times(140, () => generated(rng)),
    ];
}

function judged(schema, request) {
    return { schema, ...request, ok: requestIsValid(schema, request) };
}

function generated(rng) {
    const model = makeSchema(rng, { small: true }), all = environments(model);
    const environment = rng.pick(all);
    const request = makeRequest(rng, model, environment, [], { faults: rng.chance(0.3) ? 0.2 : 0 });
    if (rng.chance(0.15))
        request.principal.type = rng.pick([...model.entityTypes.keys()]);
    if (rng.chance(0.15))
        request.resource.type = rng.pick([...model.entityTypes.keys()]);
    if (rng.chance(0.25))
        request.context = withJsonFault(rng, request.context);
    return judged(schemaText(model, rng), request);
}
