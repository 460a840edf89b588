import { attribute, expression, hasAttribute } from './cedarText.mjs';
import { entityType, resolved, sameType } from './types.mjs';

const deepest = 3;

/** What an expression can refer to for one type of request: every path from its variables, with its guards. */
export class Scope {
    constructor(schema, { principal, action, resource, context }) {
        this.schema = schema;
        this.principal = principal;
        this.action = action;
        this.paths = [
            ...pathsFrom(schema, expression('principal'), entityType(principal)),
            ...pathsFrom(schema, expression('resource'), entityType(resource)),
            ...pathsFrom(schema, expression('context'), context),
        ];
    }

    pathsOf(type) {
        return this.paths.filter(path => sameType(path.type, type));
    }

    matching(predicate) {
        return this.paths.filter(path => predicate(resolved(path.type)));
    }
}

function pathsFrom(schema, root, type) {
    const paths = [];
    visit({ node: root, type, guards: [], base: root, names: [] }, 0);
    return paths;

    function visit(path, depth) {
        paths.push(path);
        if (depth < deepest)
            for (const [name, { type: attributeType, required }] of attributesOf(schema, path.type))
                visit(step(path, name, attributeType, required), depth + 1);
    }
}

function step(path, name, type, required) {
    return {
        node: attribute(path.node, name),
        type,
        guards: required ? path.guards : [...path.guards, hasAttribute(path.node, name)],
        base: path.base,
        names: [...path.names, name],
    };
}

export function attributesOf(schema, type) {
    const actual = resolved(type);
    if (actual.kind === 'Record')
        return actual.attributes;
    return actual.kind === 'Entity' ? schema.entityTypes.get(actual.name)?.attributes ?? [] : [];
}
