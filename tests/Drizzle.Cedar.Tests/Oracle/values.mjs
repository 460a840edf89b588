import * as text from './cedarText.mjs';
import { exactInteger } from './exactJson.mjs';
import { extensionFunctions } from './extensionLiterals.mjs';
import { extensionNames, resolved } from './types.mjs';

// Small pools make values meet: an equality that never holds tests little.
const commonStrings = ['a', 'b', 'alice', 'red', 'view'];
const oddStrings = ['', 'a*b', '*', 'x y', 'ALICE', 'Ünïcode', '日本', '😀', 'e\u0301', '\u00e9', 'quote"s', "it's", 'back\\slash', 'line\nbreak', 'tab\t', '\0', '\r\n', '\u007f', '\u{10ffff}', 'a.b.c', '0'];
const commonLongs = [0n, 1n, 2n, 3n, -1n, 10n];
const extremeLongs = [9223372036854775807n, -9223372036854775808n, 9223372036854775806n, -9223372036854775807n, 4611686018427387904n, 9007199254740993n, -9007199254740993n, 3037000500n, 4294967296n];

const commonLiterals = {
    Decimal: ['1.0', '1.5', '-1.0', '0.0'],
    Address: ['127.0.0.1', '10.0.0.1', '10.0.0.0/8', '::1', 'ff00::2'],
    Datetime: ['2024-01-01', '2024-01-01T12:00:00Z', '1970-01-01', '2024-01-01T00:00:00+0100'],
    Duration: ['1h', '60m', '1d', '-1h', '500ms'],
};

const commonIds = ['a', 'b', 'c', 'alice'];
const oddIds = ['', 'quote"s', 'line\nbreak', 'Ünï', 'back\\slash', '*', 'User::"a"'];

function someString(rng) {
    return rng.pick(rng.chance(0.75) ? commonStrings : oddStrings);
}

function someLong(rng) {
    return rng.pick(rng.chance(0.9) ? commonLongs : extremeLongs);
}

export function someId(rng) {
    return rng.pick(rng.chance(0.93) ? commonIds : oddIds);
}

export function someEntity(rng, schema, name) {
    const ids = schema.entityTypes.get(name)?.ids;
    return { type: name, id: ids ? rng.pick(ids) : someId(rng) };
}

function someExtensionLiteral(rng, kind) {
    return rng.pick(rng.chance(0.75) ? commonLiterals[kind] : extensionFunctions.get(extensionNames[kind].function).valid);
}

export function invalidExtensionLiteral(rng, kind) {
    return rng.pick(extensionFunctions.get(extensionNames[kind].function).invalid);
}

/** A random value of a type as a JSON value of entities and contexts. */
export function jsonValue(rng, schema, type) {
    const actual = resolved(type);
    switch (actual.kind) {
        case 'Bool': return rng.chance(0.5);
        case 'Long': return exactInteger(someLong(rng));
        case 'String': return someString(rng);
        case 'Set': return rng.times(rng.below(4), () => jsonValue(rng, schema, actual.element));
        case 'Record': return jsonRecord(rng, schema, actual.attributes);
        case 'Entity': return { __entity: someEntity(rng, schema, actual.name) };
        default: return { __extn: { fn: extensionNames[actual.kind].function, arg: someExtensionLiteral(rng, actual.kind) } };
    }
}

export function jsonRecord(rng, schema, attributes) {
    const present = attributes.filter(([, { required }]) => required || rng.chance(0.6));
    return Object.fromEntries(present.map(([name, { type }]) => [name, jsonValue(rng, schema, type)]));
}

/** A random value of a type as a literal expression. */
export function literal(rng, schema, type) {
    const actual = resolved(type);
    switch (actual.kind) {
        case 'Bool': return text.expression(String(rng.chance(0.6)));
        case 'Long': return text.long(someLong(rng));
        case 'String': return stringLiteral(rng);
        case 'Set': return text.setOf(rng.times(rng.between(1, 3), () => literal(rng, schema, actual.element)));
        case 'Record': return text.recordOf(actual.attributes.map(([name, { type: t }]) => [name, literal(rng, schema, t)]));
        case 'Entity': return text.entity(someEntity(rng, schema, actual.name));
        default: return text.call(extensionNames[actual.kind].function, text.string(someExtensionLiteral(rng, actual.kind)));
    }
}

export function stringLiteral(rng) {
    const value = someString(rng);
    return rng.chance(0.08) ? text.expression(text.quoteOddly(value, rng)) : text.string(value);
}

/** A pattern that is made from a string of the pool, so that it matches now and then. */
export function somePattern(rng) {
    const units = Array.from(someString(rng));
    const literals = [''];
    for (const unit of units)
        if (rng.chance(0.25))
            literals.push(rng.chance(0.5) ? unit : '');
        else
            literals[literals.length - 1] += unit;
    if (rng.chance(0.4))
        literals.push('');
    return rng.chance(0.1) ? text.pattern(rng.shuffled(literals)) : text.pattern(literals);
}
