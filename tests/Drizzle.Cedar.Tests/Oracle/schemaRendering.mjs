import { isIdentifier, quote } from './cedarText.mjs';
import { extensionNames } from './types.mjs';

/** A schema in Cedar's schema syntax, with random choices wherever the syntax leaves one. */
export function schemaText(schema, rng) {
    return schema.namespaces.map(namespace => {
        const text = rng.shuffled(declarations(schema, namespace, rng)).join('\n');
        return namespace === '' ? text : `namespace ${namespace} {\n${text}\n}`;
    }).filter(text => text !== '').join('\n');
}

/** The same schema in its JSON form. */
export function schemaJson(schema, rng) {
    return Object.fromEntries(schema.namespaces.map(namespace => [namespace, {
        ...(rng.chance(0.5) || own(schema.commonTypes, namespace).length > 0 ? { commonTypes: Object.fromEntries(own(schema.commonTypes, namespace).map(c => [c.base, typeJson(c.type, namespace, rng)])) } : {}),
        entityTypes: Object.fromEntries(own(schema.entityTypes, namespace).map(e => [e.base, entityTypeJson(e, namespace, rng)])),
        actions: Object.fromEntries(schema.actions.filter(a => a.namespace === namespace).map(a => [a.id, actionJson(a, namespace, rng)])),
    }]));
}

function own(declarations, namespace) {
    return [...declarations.values()].filter(declaration => declaration.namespace === namespace);
}

function declarations(schema, namespace, rng) {
    return [
        ...own(schema.commonTypes, namespace).map(c => `type ${c.base} = ${typeText(c.type, namespace, rng)};`),
        ...own(schema.entityTypes, namespace).map(e => entityTypeText(e, namespace, rng)),
        ...schema.actions.filter(a => a.namespace === namespace).map(a => actionText(a, namespace, rng)),
    ];
}

function nameIn(namespace, name, rng) {
    const local = namespace !== '' && name.startsWith(`${namespace}::`) ? name.slice(namespace.length + 2) : name;
    return rng.chance(0.8) ? local : name;
}

function listText(names, rng) {
    if (names.length === 1 && rng.chance(0.5))
        return names[0];
    return `[${names.join(', ')}]`;
}

function entityTypeText(declaration, namespace, rng) {
    const { base, ids, memberOf, attributes, tags } = declaration;
    if (ids)
        return `entity ${base} enum [${ids.map(quote).join(', ')}];`;
    const within = memberOf.length > 0 ? ` in ${listText(memberOf.map(name => nameIn(namespace, name, rng)), rng)}` : '';
    const shape = attributes.length > 0 ? `${rng.chance(0.3) ? ' =' : ''} ${recordText(attributes, namespace, rng)}` : '';
    return `entity ${base}${within}${shape}${tags ? ` tags ${typeText(tags, namespace, rng)}` : ''};`;
}

function actionText(action, namespace, rng) {
    const groups = action.memberOf.map(({ id }) => isIdentifier(id) && rng.chance(0.5) ? id : rng.chance(0.2) ? `Action::${quote(id)}` : quote(id));
    const within = groups.length > 0 ? ` in ${groups.length === 1 && rng.chance(0.5) ? groups[0] : `[${groups.join(', ')}]`}` : '';
    return `action ${isIdentifier(action.id) && rng.chance(0.7) ? action.id : quote(action.id)}${within}${appliesToText(action, namespace, rng)};`;
}

function appliesToText(action, namespace, rng) {
    if (!action.context)
        return '';
    const list = names => listText(names.map(name => nameIn(namespace, name, rng)), rng);
    const empty = action.context.kind === 'Record' && action.context.attributes.length === 0;
    const context = empty && rng.chance(0.5) ? [] : [`context: ${typeText(action.context, namespace, rng)}`];
    return ` appliesTo { ${[`principal: ${list(action.principals)}`, `resource: ${list(action.resources)}`, ...context].join(', ')} }`;
}

function typeText(type, namespace, rng) {
    switch (type.kind) {
        case 'Set': return `Set<${typeText(type.element, namespace, rng)}>`;
        case 'Record': return recordText(type.attributes, namespace, rng);
        case 'Entity':
        case 'Common': return nameIn(namespace, type.name, rng);
        default: return builtIn(extensionNames[type.kind]?.type ?? type.kind, rng);
    }
}

function builtIn(name, rng) {
    return rng.chance(0.1) ? `__cedar::${name}` : name;
}

function recordText(attributes, namespace, rng) {
    const fields = attributes.map(([name, { type, required }]) =>
        `${isIdentifier(name) && rng.chance(0.9) ? name : quote(name)}${required ? '' : '?'}: ${typeText(type, namespace, rng)}`);
    return `{${fields.join(', ')}}`;
}

function entityTypeJson({ ids, memberOf, attributes, tags }, namespace, rng) {
    if (ids)
        return { enum: ids };
    return {
        ...(memberOf.length > 0 || rng.chance(0.3) ? { memberOfTypes: memberOf.map(name => nameIn(namespace, name, rng)) } : {}),
        ...(attributes.length > 0 || rng.chance(0.3) ? { shape: recordJson(attributes, namespace, rng) } : {}),
        ...(tags ? { tags: typeJson(tags, namespace, rng) } : {}),
    };
}

function actionJson(action, namespace, rng) {
    const memberOf = action.memberOf.map(({ type, id }) => rng.chance(0.3) ? { type, id } : { id });
    return {
        ...(memberOf.length > 0 || rng.chance(0.2) ? { memberOf } : {}),
        ...(action.context ? { appliesTo: appliesToJson(action, namespace, rng) } : {}),
    };
}

function appliesToJson({ principals, resources, context }, namespace, rng) {
    return {
        principalTypes: principals.map(name => nameIn(namespace, name, rng)),
        resourceTypes: resources.map(name => nameIn(namespace, name, rng)),
        context: typeJson(context, namespace, rng),
    };
}

function typeJson(type, namespace, rng) {
    switch (type.kind) {
        case 'Bool': return { type: rng.chance(0.5) ? 'Boolean' : 'Bool' };
        case 'Long':
        case 'String': return { type: type.kind };
        case 'Set': return { type: 'Set', element: typeJson(type.element, namespace, rng) };
        case 'Record': return recordJson(type.attributes, namespace, rng);
        case 'Entity': return { type: rng.chance(0.8) ? 'Entity' : 'EntityOrCommon', name: nameIn(namespace, type.name, rng) };
        case 'Common': return rng.chance(0.7) ? { type: nameIn(namespace, type.name, rng) } : { type: 'EntityOrCommon', name: nameIn(namespace, type.name, rng) };
        default: return rng.chance(0.7)
            ? { type: 'Extension', name: extensionNames[type.kind].type }
            : { type: 'EntityOrCommon', name: extensionNames[type.kind].type };
    }
}

function recordJson(attributes, namespace, rng) {
    return {
        type: 'Record',
        attributes: Object.fromEntries(attributes.map(([name, { type, required }]) =>
            [name, { ...typeJson(type, namespace, rng), ...(required ? rng.chance(0.2) ? { required: true } : {} : { required: false }) }])),
    };
}
