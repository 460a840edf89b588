const tokenForm = /"(?:[^"\\]|\\.)*"|\?\w+|[A-Za-z_]\w*|\d+|==|!=|<=|>=|&&|\|\||::|\S/g;

const interchangeable = [
    ['==', '!=', '<', '<=', '>', '>='], ['&&', '||'], ['+', '-', '*'], ['contains', 'containsAll', 'containsAny'], ['hasTag', 'getTag'], ['when', 'unless'], ['true', 'false'], ['principal', 'resource'],
    ['lessThan', 'lessThanOrEqual', 'greaterThan', 'isInRange'], ['isIpv4', 'isIpv6', 'isLoopback', 'isMulticast', 'isEmpty'], ['toDate', 'toTime'], ['toMilliseconds', 'toSeconds', 'toDays'], ['offset', 'durationSince'],
];

export function tokensOf(text) {
    return text.match(tokenForm);
}

/** A policy in which one word stands where a similar one stood; it parses more often than not. */
export function nearMiss(rng, text) {
    const tokens = tokensOf(text);
    const attributes = tokens.filter((token, i) => ['.', 'has'].includes(tokens[i - 1]) && /^\w+$/.test(token) && tokens[i + 1] !== '(');
    const candidates = tokens.map((_, i) => alternatives(tokens, i, attributes)).map((words, i) => ({ words, i })).filter(({ words }) => words.length > 0);
    if (candidates.length === 0)
        return text;
    const { words, i } = rng.pick(candidates);
    tokens[i] = rng.pick(words);
    return tokens.join(' ').replaceAll(' . ', '.').replaceAll(' :: ', '::');
}

function alternatives(tokens, i, attributes) {
    const token = tokens[i];
    if (attributes.includes(token) && ['.', 'has'].includes(tokens[i - 1]))
        return attributes.filter(name => name !== token);
    return interchangeable.find(group => group.includes(token))?.filter(word => word !== token) ?? [];
}
