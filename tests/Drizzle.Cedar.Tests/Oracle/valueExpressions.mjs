import * as text from './cedarText.mjs';
import { inRecord, tagKey, taggedEntity } from './booleanExpressions.mjs';
import { invalidExtensionLiteral } from './values.mjs';
import { Datetime, Duration, Long, String, extensionNames } from './types.mjs';

const literal = (maker, type) => maker.literal(type);
const path = (maker, type) => maker.pathOf(type);
const chosen = (maker, type, depth) => text.conditional(maker.bool(depth), maker.of(type, depth), maker.of(type, depth));
const recorded = (maker, type, depth) => inRecord(maker, maker.of(type, depth));

const common = [[0.7, chosen], [0.4, recorded], [2.5, tag]];

export const valueMakers = {
    Long: makers([[3, literal], [5, path]], [...common, [5, arithmetic], [1.5, negative], [2.5, durationUnit]]),
    String: makers([[3, literal], [5, path]], common),
    Entity: makers([[3, literal], [5, path]], common),
    Set: makers([[2, setLiteral], [4, path]], common),
    Record: makers([[2, recordLiteral], [4, path]], common),
    Decimal: makers([[3, extensionLiteral], [4, path]], common),
    Address: makers([[3, extensionLiteral], [4, path]], common),
    Datetime: makers([[3, extensionLiteral], [4, path]], [...common, [3, offset], [1, (maker, _, depth) => text.method(maker.of(Datetime, depth), 'toDate')]]),
    Duration: makers([[3, extensionLiteral], [4, path]], [...common, [2, since], [1, (maker, _, depth) => text.method(maker.of(Datetime, depth), 'toTime')]]),
};

function makers(simple, more) {
    return { simple, nested: [...simple, ...more] };
}

function arithmetic(maker, _, depth) {
    return text.infix(maker.of(Long, depth), maker.rng.pick(['+', '-', '*']), maker.of(Long, depth));
}

function negative(maker, _, depth) {
    const operand = maker.of(Long, depth);
    return text.expression('-'.repeat(maker.rng.weighted([[9, 1], [1, 2]])) + text.at(operand, text.Level.Member), text.Level.Unary);
}

function durationUnit(maker, _, depth) {
    return text.method(maker.of(Duration, depth), maker.rng.pick(['toMilliseconds', 'toSeconds', 'toMinutes', 'toHours', 'toDays']));
}

function offset(maker, _, depth) {
    return text.method(maker.of(Datetime, depth), 'offset', maker.of(Duration, depth));
}

function since(maker, _, depth) {
    return text.method(maker.of(Datetime, depth), 'durationSince', maker.of(Datetime, depth));
}

function tag(maker, type, depth) {
    const holder = taggedEntity(maker, type);
    if (!holder)
        return maker.of(type, depth);
    const key = tagKey(maker);
    if (!maker.mistakes.make('no tag guard', 3))
        maker.guard(text.method(holder, 'hasTag', maker.mistakes.make('wrong tag guard', 2) ? text.string('other') : key));
    return text.method(holder, 'getTag', key);
}

function setLiteral(maker, { element }) {
    if (maker.mistakes.make('empty set'))
        return text.setOf([]);
    const items = maker.rng.times(maker.rng.between(1, 3), () => maker.rng.chance(0.7) ? maker.literal(element) : maker.of(element, 0));
    if (maker.mistakes.make('mixed set'))
        items.push(maker.of(maker.someType(), 0));
    return text.setOf(items);
}

function recordLiteral(maker, { attributes }) {
    const entries = attributes
        .filter(([, { required }]) => required || !maker.mistakes.make('absent field', 2))
        .map(([name, { type }]) => [name, maker.of(type, 0)]);
    if (maker.mistakes.make('extra field') && !entries.some(([name]) => name === 'extra'))
        entries.push(['extra', maker.literal(Long)]);
    return text.recordOf(entries);
}

function extensionLiteral(maker, type) {
    const name = extensionNames[type.kind].function;
    if (maker.mistakes.make('computed literal'))
        return text.call(name, maker.of(String, 0));
    if (maker.mistakes.make('malformed literal'))
        return text.call(name, text.string(invalidExtensionLiteral(maker.rng, type.kind)));
    if (maker.mistakes.make('argument count', 0.3))
        return maker.rng.chance(0.5) ? text.call(name) : text.call(name, maker.literal(String), maker.literal(String));
    return maker.literal(type);
}
