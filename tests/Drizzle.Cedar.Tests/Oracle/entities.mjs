import { jsonRecord, jsonValue, someEntity } from './values.mjs';
import { Long, String, recordType, scalars, setType } from './types.mjs';

/** Entities of a schema's types in a hierarchy, with a missing or ill-typed attribute now and then. */
export function makeEntities(rng, schema, { faults = 0.05 } = {}) {
    const uids = someUids(rng, schema);
    return [
        ...uids.map((uid, index) => makeEntity(rng, schema, uid, uids.slice(index + 1), faults)),
        ...actionEntities(schema).filter(() => !rng.chance(faults)),
    ];
}

export function actionEntities(schema) {
    return schema.actions.map(({ type, id, memberOf }) => ({ uid: { type, id }, attrs: {}, parents: memberOf }));
}

function someUids(rng, schema) {
    const unique = new Map();
    for (const { name, ids } of schema.entityTypes.values())
        for (let i = ids ? 1 : rng.between(1, 3); i > 0; i--) {
            const uid = someEntity(rng, schema, name);
            unique.set(JSON.stringify(uid), uid);
        }
    return rng.shuffled([...unique.values()]);
}

// Parents come from later in the list only, so there are no cycles.
function makeEntity(rng, schema, uid, later, faults) {
    const declaration = schema.entityTypes.get(uid.type);
    const parents = later.filter(parent => declaration.memberOf.includes(parent.type) && rng.chance(0.6));
    return {
        uid,
        attrs: withFaults(rng, schema, jsonRecord(rng, schema, declaration.attributes ?? []), faults),
        parents,
        ...(declaration.tags ? { tags: makeTags(rng, schema, declaration.tags) } : {}),
    };
}

function makeTags(rng, schema, type) {
    return Object.fromEntries(rng.sample(['a', 'b', 'plan', 'alice'], rng.below(4)).map(name => [name, jsonValue(rng, schema, type)]));
}

function withFaults(rng, schema, attributes, faults) {
    for (const name of Object.keys(attributes)) {
        if (rng.chance(faults))
            delete attributes[name];
        else if (rng.chance(faults))
            attributes[name] = jsonValue(rng, schema, rng.pick([...scalars, setType(Long), recordType([['a', { type: String, required: true }]])]));
    }
    return attributes;
}

/** A request of a type, whose principal and resource mostly exist. */
export function makeRequest(rng, schema, { principal, action, resource, context }, entities, { faults = 0.04 } = {}) {
    return {
        principal: existing(rng, schema, principal, entities),
        action: rng.chance(0.98) ? { type: action.type, id: action.id } : { type: action.type, id: 'nothing' },
        resource: existing(rng, schema, resource, entities),
        context: withFaults(rng, schema, jsonValue(rng, schema, context), faults),
    };
}

function existing(rng, schema, type, entities) {
    const uids = entities.map(e => e.uid).filter(uid => uid.type === type);
    return uids.length > 0 && rng.chance(0.93) ? rng.pick(uids) : someEntity(rng, schema, type);
}
