import { Bool, Long, String, entityType, extensions, namedType, primitives, recordType, setType } from './types.mjs';

const typeNames = ['User', 'Group', 'Document', 'Folder', 'Team', 'Device'];
const attributeNames = ['name', 'age', 'ok', 'owner', 'home', 'level', 'labels', 'meta', 'since', 'when', 'permit', 'principal', 'ip'];
const oddAttributeNames = ['if', 'has', '', 'two words', 'quote"s', 'naïve', 'a.b', '__cedar_like', 'true', 'line\nbreak'];
const enumIds = ['red', 'green', 'blue sky'];
const actionIds = ['view', 'edit', 'delete', 'share', 'list all', 'say "hi"'];
const groupIds = ['readers', 'writers'];

/** A random schema: entity types, actions and common types by their qualified names. */
export function makeSchema(rng, { small = false } = {}) {
    const schema = { namespaces: namespaces(rng), entityTypes: new Map(), commonTypes: new Map(), actions: [] };
    declareEntityTypes(rng, schema, small);
    if (rng.chance(0.45))
        declareCommonTypes(rng, schema);
    for (const declaration of schema.entityTypes.values())
        describeEntityType(rng, schema, declaration, small);
    declareActions(rng, schema, small);
    return schema;
}

export function ancestorTypes(schema, name, seen = new Set()) {
    for (const parent of schema.entityTypes.get(name)?.memberOf ?? [])
        if (!seen.has(parent)) {
            seen.add(parent);
            ancestorTypes(schema, parent, seen);
        }
    return seen;
}

/** The request types that an action allows, each with one principal, action and resource. */
export function environments(schema) {
    return schema.actions.filter(action => action.context).flatMap(action =>
        action.principals.flatMap(principal => action.resources.map(resource => ({ principal, action, resource, context: action.context }))));
}

export function isMemberOf(schema, action, group) {
    return action === group || action.memberOf.some(uid => {
        const parent = schema.actions.find(a => a.type === uid.type && a.id === uid.id);
        return parent && isMemberOf(schema, parent, group);
    });
}

function qualified(namespace, name) {
    return namespace ? `${namespace}::${name}` : name;
}

function namespaces(rng) {
    return rng.weighted([[5, ['']], [3, ['App']], [2, ['', 'App']], [1, ['App', 'Lib::Core']], [1, ['Lib::Core']]]);
}

function declareEntityTypes(rng, schema, small) {
    for (const base of rng.sample(typeNames, small ? rng.between(2, 3) : rng.between(3, 5)))
        for (const namespace of nonShadowing(rng.sample(schema.namespaces, rng.chance(0.2) ? 2 : 1))) {
            const name = qualified(namespace, base);
            schema.entityTypes.set(name, { name, namespace, base });
        }
    if (rng.chance(0.3)) {
        const namespace = rng.pick(schema.namespaces), name = qualified(namespace, 'Color');
        schema.entityTypes.set(name, { name, namespace, base: 'Color', ids: rng.sample(enumIds, rng.between(1, 3)) });
    }
}

// A name of the empty namespace must not be declared again in another one.
function nonShadowing(namespaces) {
    return namespaces.includes('') ? [''] : namespaces;
}

function declareCommonTypes(rng, schema) {
    const namespace = rng.pick(schema.namespaces);
    for (const base of rng.sample(['Info', 'Tags', 'Place', 'Flag'], rng.between(1, 2))) {
        const name = qualified(namespace, base);
        const type = { Info: () => someRecord(rng, schema, 1), Place: () => someRecord(rng, schema, 2), Tags: () => setType(String), Flag: () => rng.pick([Bool, Long]) }[base]();
        schema.commonTypes.set(name, { name, namespace, base, type });
    }
}

function describeEntityType(rng, schema, declaration, small) {
    declaration.memberOf = [];
    if (declaration.ids)
        return;
    declaration.memberOf = rng.sample([...schema.entityTypes.keys()], rng.weighted([[3, 0], [4, 1], [2, 2]]));
    declaration.attributes = someAttributes(rng, schema, 2, small ? rng.between(1, 3) : rng.between(1, 5));
    if (rng.chance(0.5))
        declaration.tags = rng.chance(0.6) ? String : someType(rng, schema, 1);
}

function someType(rng, schema, depth) {
    if (schema.commonTypes.size > 0 && rng.chance(0.15)) {
        const { name, type } = rng.pick([...schema.commonTypes.values()]);
        return namedType(name, type);
    }
    return rng.weighted([
        [8, () => rng.pick(primitives)],
        [4, () => rng.pick(extensions)],
        [4, () => entityType(rng.pick([...schema.entityTypes.keys()]))],
        [depth > 0 ? 4 : 0, () => setType(rng.chance(0.9) ? someType(rng, schema, 0) : setType(Long))],
        [depth > 0 ? 2 : 0, () => someRecord(rng, schema, depth - 1)],
    ])();
}

function someRecord(rng, schema, depth) {
    return recordType(someAttributes(rng, schema, depth, rng.between(1, 2)));
}

function someAttributes(rng, schema, depth, count) {
    const names = [...rng.sample(attributeNames, count), ...(rng.chance(0.08) ? [rng.pick(oddAttributeNames)] : [])];
    return names.map(name => [name, { type: someType(rng, schema, depth), required: rng.chance(0.62) }]);
}

function declareActions(rng, schema, small) {
    const namespace = rng.pick(schema.namespaces);
    const type = qualified(namespace, 'Action');
    const groups = rng.sample(groupIds, rng.below(3)).map(id => ({ type, namespace, id, memberOf: [] }));
    if (groups.length === 2 && rng.chance(0.5))
        groups[1].memberOf.push({ type, id: groups[0].id });
    const actions = rng.sample(actionIds, small ? rng.between(1, 2) : rng.between(2, 4)).map(id => ({
        type, namespace, id,
        memberOf: rng.sample(groups, rng.weighted([[1, 0], [2, 1]])).map(group => ({ type, id: group.id })),
        ...appliesTo(rng, schema),
    }));
    schema.actions = [...groups, ...actions];
}

function appliesTo(rng, schema) {
    const names = [...schema.entityTypes.keys()];
    const some = () => rng.sample(names, rng.weighted([[5, 1], [3, 2], [1, 3]]));
    const records = [...schema.commonTypes.values()].filter(({ type }) => type.kind === 'Record');
    const context = records.length > 0 && rng.chance(0.3)
        ? namedType(rng.pick(records).name, undefined)
        : recordType(rng.chance(0.1) ? [] : someAttributes(rng, schema, 2, rng.between(1, 4)));
    if (context.kind === 'Common')
        context.type = schema.commonTypes.get(context.name).type;
    return { principals: some(), resources: some(), context };
}
