// Rendering of Cedar's surface syntax. An expression is { text, level }: the level is its place in the
// grammar, so that an operator adds the parentheses that its operands need.
export const Level = { If: 0, Or: 1, And: 2, Relation: 3, Sum: 4, Product: 5, Unary: 6, Member: 7 };

const reserved = new Set(['true', 'false', 'if', 'then', 'else', 'in', 'like', 'has', 'is', '__cedar']);

export function isIdentifier(text) {
    return /^[_a-zA-Z][_a-zA-Z0-9]*$/.test(text) && !reserved.has(text);
}

export function expression(text, level = Level.Member) {
    return { text, level };
}

export function at(operand, level) {
    return operand.level >= level ? operand.text : `(${operand.text})`;
}

const infixLevels = new Map([
    ['||', [Level.Or, Level.Or, Level.And]],
    ['&&', [Level.And, Level.And, Level.Relation]],
    ...['==', '!=', '<', '<=', '>', '>=', 'in'].map(op => [op, [Level.Relation, Level.Sum, Level.Sum]]),
    ...['+', '-'].map(op => [op, [Level.Sum, Level.Sum, Level.Product]]),
    ['*', [Level.Product, Level.Product, Level.Unary]],
]);

export function infix(left, operator, right) {
    const [level, leftLevel, rightLevel] = infixLevels.get(operator);
    return expression(`${at(left, leftLevel)} ${operator} ${at(right, rightLevel)}`, level);
}

export function prefix(operator, operand) {
    return expression(operator + at(operand, Level.Member), Level.Unary);
}

export function conditional(test, then, otherwise) {
    return expression(`if ${test.text} then ${then.text} else ${otherwise.text}`, Level.If);
}

export function call(name, ...args) {
    return expression(`${name}(${args.map(arg => arg.text).join(', ')})`);
}

export function method(target, name, ...args) {
    return expression(`${at(target, Level.Member)}.${name}(${args.map(arg => arg.text).join(', ')})`);
}

export function attribute(target, name) {
    const access = isIdentifier(name) ? `.${name}` : `[${quote(name)}]`;
    return expression(at(target, Level.Member) + access);
}

export function hasAttribute(target, ...path) {
    const names = path.every(isIdentifier) ? path.join('.') : quote(path[0]);
    return expression(`${at(target, Level.Sum)} has ${names}`, Level.Relation);
}

export function like(target, pattern) {
    return expression(`${at(target, Level.Sum)} like ${pattern}`, Level.Relation);
}

export function isType(target, type, ancestor) {
    const within = ancestor ? ` in ${at(ancestor, Level.Sum)}` : '';
    return expression(`${at(target, Level.Sum)} is ${type}${within}`, Level.Relation);
}

export function entity({ type, id }) {
    return expression(`${type}::${quote(id)}`);
}

export function string(value) {
    return expression(quote(value));
}

export function long(value) {
    return expression(String(value), value < 0 ? Level.Unary : Level.Member);
}

export function setOf(items) {
    return expression(`[${items.map(item => item.text).join(', ')}]`);
}

export function recordOf(entries) {
    const fields = entries.map(([name, value]) => `${isIdentifier(name) ? name : quote(name)}: ${value.text}`);
    return expression(`{${fields.join(', ')}}`);
}

const shortEscapes = new Map([['"', '\\"'], ['\\', '\\\\'], ['\n', '\\n'], ['\r', '\\r'], ['\t', '\\t'], ['\0', '\\0']]);

export function quote(value) {
    return `"${escape(value)}"`;
}

function escape(value) {
    return Array.from(value, unit => shortEscapes.get(unit) ?? unit).join('');
}

/** A string literal some of whose characters are written as numeric escapes. */
export function quoteOddly(value, rng) {
    return `"${Array.from(value, unit => rng.chance(0.3) ? numericEscape(unit, rng) : escape(unit)).join('')}"`;
}

function numericEscape(unit, rng) {
    const code = unit.codePointAt(0).toString(16);
    return code.length < 3 && parseInt(code, 16) < 128 && rng.chance(0.5)
        ? `\\x${code.padStart(2, '0')}`
        : `\\u{${rng.chance(0.3) ? code.padStart(6, '0') : code.toUpperCase()}}`;
}

/** A pattern from literal strings with a wildcard between each two. */
export function pattern(literals) {
    return `"${literals.map(part => escape(part).replaceAll('*', '\\*')).join('*')}"`;
}
