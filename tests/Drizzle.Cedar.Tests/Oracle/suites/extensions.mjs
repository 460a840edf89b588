import { extensionFunctions, addresses, datetimes, decimals, durations } from '../extensionLiterals.mjs';
import { quote } from '../cedarText.mjs';
import { evaluateAll } from '../evaluation.mjs';

const user = { type: 'User', id: 'alice' };
const request = { principal: user, action: { type: 'Action', id: 'view' }, resource: user, context: {} };

/** Expressions over the extension types and their values: true, false or "error". */
export function extensionVectors(rng) {
    return evaluateAll([
        ...literals(rng),
        ...decimalMethods(rng), ...addressMethods(rng), ...datetimeMethods(rng), ...durationMethods(rng),
        ...knownInstants(), ...knownDurations(), ...wrongArguments(), ...sets(rng),
    ], request);
}

function literals(rng) {
    return [...extensionFunctions].flatMap(([name, { valid, invalid }]) =>
        [...valid, ...invalid, ...rng.times(60, () => damaged(rng.pick(valid), rng))].map(text => `${literal(name, text)} == ${literal(name, text)}`));
}

function damaged(text, rng) {
    const position = rng.below(text.length + 1);
    const inserted = rng.chance(0.7) ? rng.pick([...'0123456789.:/-+TZdhmsaf ']) : '';
    return text.slice(0, position) + inserted + text.slice(position + rng.below(2));
}

function decimalMethods(rng) {
    const some = () => literal('decimal', rng.pick(decimals.valid));
    return rng.times(160, () => rng.chance(0.25)
        ? `${some()} == ${some()}`
        : `${some()}.${rng.pick(['lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual'])}(${some()})`);
}

function addressMethods(rng) {
    const some = () => literal('ip', rng.pick(addresses.valid));
    return [
        ...addresses.valid.flatMap(text => ['isIpv4', 'isIpv6', 'isLoopback', 'isMulticast'].map(name => `${literal('ip', text)}.${name}()`)),
        ...rng.times(200, () => `${some()}.isInRange(${some()})`),
        ...rng.times(40, () => `${some()} == ${some()}`),
    ];
}

function datetimeMethods(rng) {
    const some = () => literal('datetime', rng.pick(datetimes.valid));
    const length = () => literal('duration', rng.pick(durations.valid));
    return [
        ...rng.times(100, () => `${some()} ${rng.pick(['<', '<=', '>', '>=', '==', '!='])} ${some()}`),
        ...datetimes.valid.flatMap(text => [`${literal('datetime', text)}.toDate() == ${some()}`, `${literal('datetime', text)}.toTime() < ${length()}`]),
        ...rng.times(140, () => `${some()}.offset(${length()}) ${rng.pick(['<', '>=', '=='])} ${some()}`),
        ...rng.times(60, () => `${some()}.durationSince(${some()}) ${rng.pick(['<', '>', '=='])} ${length()}`),
        ...farInstants().flatMap(far => [`${far} == ${far}`, `${far}.toDate() == ${far}`, `${far}.toTime() == duration("0ms")`, `${far}.toDate() < ${far}`, `${far}.durationSince(${some()}).toDays() > 0`,
            `${far}.offset(duration("1ms")) > ${far}`, `${far}.offset(duration("-1ms")) < ${far}`, `${some()}.durationSince(${far}) > duration("0ms")`]),
    ];
}

// Instants that no literal can write, at and near the ends of the range.
function farInstants() {
    const largest = '9223372036854775807', smallest = '-9223372036854775808';
    return [largest, smallest, '-9223372036854775807', '-9223372036828800000', '-9223372036828800001', '-9223372036828799999', '9223372036828800000', '-1', '-86400000', '-86400001']
        .map(value => `datetime("1970-01-01").offset(duration("${value}ms"))`);
}

function durationMethods(rng) {
    const some = () => literal('duration', rng.pick(durations.valid));
    const units = ['toMilliseconds', 'toSeconds', 'toMinutes', 'toHours', 'toDays'];
    return [
        ...rng.times(120, () => `${some()} ${rng.pick(['<', '<=', '>', '>=', '==', '!='])} ${some()}`),
        ...rng.times(60, () => `${some()}.${rng.pick(units)}() ${rng.pick(['<', '==', '>'])} ${some()}.${rng.pick(units)}()`),
    ];
}

function knownInstants() {
    return datetimes.valid.flatMap(text => {
        const milliseconds = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2').replace(/^0000-01-01T00:00:00\+.*$/, 'none'));
        if (Number.isNaN(milliseconds))
            return [];
        const since = `${literal('datetime', text)}.durationSince(datetime("1970-01-01")).toMilliseconds()`;
        return [`${since} == ${milliseconds}`, `${since} == ${milliseconds + 1}`];
    });
}

const unitLengths = { d: 86_400_000n, h: 3_600_000n, m: 60_000n, s: 1000n, ms: 1n };

function knownDurations() {
    const methods = [['toMilliseconds', 1n], ['toSeconds', 1000n], ['toMinutes', 60_000n], ['toHours', 3_600_000n], ['toDays', 86_400_000n]];
    return durations.valid.flatMap(text => {
        const total = [...text.matchAll(/(\d+)([a-z]+)/g)].reduce((sum, [, count, unit]) => sum + BigInt(count) * unitLengths[unit], 0n);
        const signed = text.startsWith('-') ? -total : total;
        return methods.flatMap(([name, length]) => [0n, 1n].map(more => `${literal('duration', text)}.${name}() == ${signed / length + more}`).filter(fitsLong));
    });
}

function fitsLong(expr) {
    return !/\b9223372036854775808$/.test(expr) || expr.endsWith('-9223372036854775808');
}

function wrongArguments() {
    const values = ['1', '"1.0"', 'true', 'principal', '["1.0"]', '{a: 1}', 'decimal("1.0")', 'ip("1.2.3.4")', 'datetime("2024-01-01")', 'duration("1h")'];
    const unary = ['isIpv4', 'isIpv6', 'isLoopback', 'isMulticast', 'toDate', 'toTime', 'toMilliseconds', 'toSeconds', 'toMinutes', 'toHours', 'toDays'];
    const binary = ['lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual', 'isInRange', 'offset', 'durationSince'];
    return [
        ...values.flatMap(value => [...extensionFunctions.keys()].map(name => `${name}(${value}) == ${value}`)),
        ...values.flatMap(value => unary.map(name => `${value}.${name}() == ${value}`)),
        ...values.flatMap(value => binary.map(name => `${value}.${name}(${value})`)),
        ...values.flatMap(value => values.map(other => `${value} < ${other}`)),
        ...values.flatMap(value => values.map(other => `${value} == ${other}`)),
        ...binary.flatMap(name => values.slice(6).flatMap(value => [`${value}.${name}()`, `${value}.${name}(${value}, ${value})`, `${value}.${name}(${values[0]})`])),
        ...unary.flatMap(name => values.slice(6).map(value => `${value}.${name}(1) == 1`)),
        ...[...extensionFunctions.keys()].flatMap(name => [`${name}() == 1`, `${name}("1.0", "1.0") == 1`]),
    ];
}

function sets(rng) {
    const some = name => literal(name, rng.pick(extensionFunctions.get(name).valid));
    return rng.times(60, () => {
        const name = rng.pick([...extensionFunctions.keys()]);
        return `[${some(name)}, ${some(name)}].${rng.pick([`contains(${some(name)})`, `containsAny([${some(name)}, ${some(name)}])`, `containsAll([${some(name)}])`])}`;
    });
}

function literal(name, text) {
    return `${name}(${quote(text)})`;
}
