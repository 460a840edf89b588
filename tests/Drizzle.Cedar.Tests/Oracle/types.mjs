// The types that the random schemas, values and expressions share.
export const Bool = { kind: 'Bool' };
export const Long = { kind: 'Long' };
export const String = { kind: 'String' };
export const Decimal = { kind: 'Decimal' };
export const Address = { kind: 'Address' };
export const Datetime = { kind: 'Datetime' };
export const Duration = { kind: 'Duration' };

export const primitives = [Bool, Long, String];
export const extensions = [Decimal, Address, Datetime, Duration];
export const scalars = [...primitives, ...extensions];

/** The name of an extension type in schemas, and of the function that makes its values. */
export const extensionNames = {
    Decimal: { type: 'decimal', function: 'decimal' },
    Address: { type: 'ipaddr', function: 'ip' },
    Datetime: { type: 'datetime', function: 'datetime' },
    Duration: { type: 'duration', function: 'duration' },
};

export function setType(element) {
    return { kind: 'Set', element };
}

/** Attributes are [name, { type, required }] pairs. */
export function recordType(attributes) {
    return { kind: 'Record', attributes };
}

export function entityType(name) {
    return { kind: 'Entity', name };
}

/** A reference to a common type. */
export function namedType(name, type) {
    return { kind: 'Common', name, type };
}

export function resolved(type) {
    return type.kind === 'Common' ? resolved(type.type) : type;
}

export function sameType(left, right) {
    return typeKey(left) === typeKey(right);
}

function typeKey(type) {
    const actual = resolved(type);
    switch (actual.kind) {
        case 'Set': return `Set<${typeKey(actual.element)}>`;
        case 'Entity': return actual.name;
        case 'Record': return `{${actual.attributes.map(([name, a]) => `${name}${a.required ? '' : '?'}: ${typeKey(a.type)}`).sort().join()}}`;
        default: return `${actual.kind}`;
    }
}
