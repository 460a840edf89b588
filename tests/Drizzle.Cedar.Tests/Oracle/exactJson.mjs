// JSON whose integers beyond 2^53 stay exact: in memory they are BigInts. Node's own raw JSON, still
// experimental in this version, corrupts strings, so the digits travel through JSON.parse as marked strings.
const parseLossy = JSON.parse, stringifyLossy = JSON.stringify;
const marker = 'int64:';
const stringOrLargeInteger = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;
const markedInteger = new RegExp(`"${marker}(-?\\d+)"`, 'g');

export function parseExact(text) {
    const marked = text.replace(stringOrLargeInteger, token => token.startsWith('"') ? token : `"${marker}${token}"`);
    return marked === text ? parseLossy(text) : parseLossy(marked, (_, value) => isMarked(value) ? exactInteger(value.slice(marker.length)) : value);
}

export function stringifyExact(value) {
    return stringifyLossy(value, (_, item) => typeof item === 'bigint' ? marker + item : item)?.replace(markedInteger, '$1');
}

/** A number where that is exact, else a BigInt. */
export function exactInteger(value) {
    return Number.isSafeInteger(Number(value)) ? Number(value) : BigInt(value);
}

export function isPlainObject(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function copyOf(value) {
    return parseExact(stringifyExact(value));
}

/** Runs a function while the global JSON is exact, for code that calls it out of our reach. */
export function withExactJson(run) {
    Object.assign(JSON, { parse: parseExact, stringify: value => stringifyExact(value) });
    try {
        return run();
    } finally {
        Object.assign(JSON, { parse: parseLossy, stringify: stringifyLossy });
    }
}

function isMarked(value) {
    return typeof value === 'string' && value.startsWith(marker);
}
