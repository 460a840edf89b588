import { acceptedSchema, entitiesParse } from '../oracle.mjs';
import { actionEntities, makeEntities } from '../entities.mjs';
import { entitySchema, underSchema, withoutSchema } from '../entityCorners.mjs';
import { withJsonFault } from '../jsonFaults.mjs';
import { schemaText } from '../schemaRendering.mjs';
import { makeSchema } from '../schemas.mjs';

/** Entities as JSON, with and without a schema, and whether they are accepted. */
export function entityVectors(rng) {
    return [
        ...withoutSchema.map(entities => judged(entities)),
        ...underSchema.map(entities => judged(entities, acceptedSchema(entitySchema))),
        ...rng.times(60, () => judged(withJsonFault(rng, makeEntities(rng, makeSchema(rng, { small: true }), { faults: 0 })))),
        ...rng.times(110, () => generatedUnderSchema(rng)),
    ];
}

function judged(entities, schema) {
    return { entities, ...(schema ? { schema } : {}), ok: entitiesParse(entities, schema) };
}

function generatedUnderSchema(rng) {
    const model = makeSchema(rng, { small: true });
    const made = makeEntities(rng, model, { faults: 0 }).filter(entity => !isAction(entity));
    const entities = rng.sample(made, rng.between(1, 3)).map(entity => rng.chance(0.5) ? implicit(rng, entity) : entity);
    if (rng.chance(0.2))
        entities.push(rng.pick(actionEntities(model)));
    return judged(rng.chance(0.55) ? withJsonFault(rng, entities) : entities, schemaText(model, rng));
}

function isAction({ uid }) {
    return /(^|::)Action$/.test(uid.type);
}

/** The same entity without some of the escapes that a schema makes superfluous. */
function implicit(rng, value) {
    if (Array.isArray(value))
        return value.map(item => implicit(rng, item));
    if (typeof value !== 'object')
        return value;
    if (value.__entity)
        return rng.chance(0.7) ? value.__entity : value;
    if (value.__extn)
        return rng.weighted([[5, value.__extn.arg], [2, value.__extn], [2, value]]);
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, name === 'uid' || name === 'parents' ? item : implicit(rng, item)]));
}
