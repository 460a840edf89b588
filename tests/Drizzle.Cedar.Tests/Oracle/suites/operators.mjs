import { evaluateAll } from '../evaluation.mjs';
import { quote } from '../cedarText.mjs';

const uid = (type, id) => ({ type, id });
const entity = (type, id, parents = [], attrs = {}, tags = {}) => ({ uid: uid(type, id), attrs, parents, tags });

/** The entities and the request in which every operator expression is evaluated. */
export const fixture = {
    request: {
        principal: uid('User', 'alice'), action: uid('Action', 'view'), resource: uid('Doc', 'd'),
        context: { n: 1, s: 'a*b', r: { a: { b: { c: 1 } }, 'x y': true, '': 0 }, e: { __entity: uid('User', 'bob') }, missing: { __entity: uid('User', 'missing') } },
    },
    entities: [
        entity('User', 'alice', [uid('Group', 'a'), uid('Group', 'b')], { n: 1, name: 'alice', boss: { __entity: uid('User', 'bob') }, r: { a: { b: 1 } }, tags: ['a'] }, { plan: 'gold', '': 'empty' }),
        entity('User', 'bob', [uid('Group', 'b')], { n: 2, boss: { __entity: uid('User', 'missing') } }),
        entity('Group', 'a', [uid('Group', 'top')]),
        entity('Group', 'b', [uid('Group', 'top'), uid('Group', 'unlisted')]),
        entity('Group', 'top', [uid('Root', 'r')]),
        entity('Root', 'r'), entity('Doc', 'd', [uid('Root', 'r')], { owner: { __entity: uid('User', 'alice') } }),
        entity('Action', 'view', [uid('Action', 'read')]), entity('Action', 'read', [uid('Action', 'all')]),
    ],
};

const operands = [
    'true', 'false', '1', '"a"', 'principal', 'User::"missing"', 'Group::"top"', 'context', '{a: 1}', '[]', '[1]', '["a"]', '[Group::"top", 1]',
    'decimal("1.0")', 'ip("1.2.3.4")', 'datetime("2024-01-01")', 'duration("1h")', 'context.nothing',
];
const infixOperators = ['==', '!=', '<', '<=', '>', '>=', 'in', '&&', '||', '+', '-', '*'];
const setMethods = ['contains', 'containsAll', 'containsAny', 'hasTag', 'getTag'];
const extremes = ['9223372036854775807', '-9223372036854775808', '-9223372036854775807', '9223372036854775806', '0', '1', '-1', '2', '-2', '3037000499', '3037000500', '-3037000500',
    '4611686018427387904', '-4611686018427387904', '4294967296', '-4294967296', '2147483648'];

/** Every operator over operands of every type, and its corners one by one. */
export function operatorVectors() {
    const { request, entities } = fixture;
    return evaluateAll([...allPairs(), ...unary(), ...arithmetic(), ...shortCircuits(), ...hierarchy(), ...attributes(), ...tags(), ...patterns(), ...sets(), ...records()], request, entities);
}

function allPairs() {
    return operands.flatMap(left => operands.flatMap(right => [
        ...infixOperators.map(operator => isBoolean(operator) ? `${left} ${operator} ${right}` : `(${left} ${operator} ${right}) == ${right}`),
        ...setMethods.map(name => `${left}.${name}(${right})`),
    ]));
}

function isBoolean(operator) {
    return !['+', '-', '*'].includes(operator);
}

function unary() {
    return operands.flatMap(operand => [
        `!(${operand})`, `-(${operand}) == 0`, `!!${operand}`, `${operand}.isEmpty()`, `${operand} has a`, `${operand} has "x y"`, `${operand} has r.a.b`, `${operand}.a == 1`,
        `${operand}["n"] == 1`, `${operand} like "*"`, `${operand} is User`, `${operand} is User in Group::"top"`,
        `principal is User in ${operand}`, `principal is Group in ${operand}`, `if ${operand} then true else false`, `(if true then ${operand} else 1) == ${operand}`,
        `(if false then 1 else ${operand}) == ${operand}`, `[${operand}].contains(${operand})`, `{a: ${operand}}.a == ${operand}`, `{a: ${operand}} has a`, operand,
    ]);
}

function arithmetic() {
    return extremes.flatMap(left => [
        ...extremes.flatMap(right => ['+', '-', '*'].map(operator => `(${left} ${operator} ${right}) < 1`)),
        ...extremes.map(right => `${left} <= ${right}`),
        `-(${left}) < 0`, `--${left.replace('-', '')} == 1`.replace('9223372036854775808', '9223372036854775807'), `${left} - ${left} == 0`, `${left} + -1 - ${left} == -1`,
    ]).concat(['-9223372036854775808 == -9223372036854775807 - 1', '- 9223372036854775808 < 0', '--9223372036854775808 < 0', '9223372036854775807 + 1 - 1 == 1',
    '9223372036854775807 + (1 - 1) == 9223372036854775807',
        '1 - 2 - 3 == -4', '2 * 3 + 4 == 10', '2 + 3 * 4 == 14', '-2 * -3 == 6', '2 - -3 == 5', '007 == 7', '2 * 4611686018427387904 == 0',
        '-2 * 4611686018427387904 == -9223372036854775808', '3037000500 * 3037000500 < 0']);
}

function shortCircuits() {
    const operandsOfLogic = ['true', 'false', '1', '"a"', 'context.nothing', '(1 + true == 1)'];
    return operandsOfLogic.flatMap(a => operandsOfLogic.flatMap(b => [
        `${a} && ${b}`, `${a} || ${b}`, `!(${a} && ${b})`, `${a} && ${b} || true`, `true || ${a} && ${b}`, `${a} || ${b} && false`, `false && ${a} || ${b}`,
        ...operandsOfLogic.map(c => `if ${a} then ${b} else ${c}`),
    ]));
}

function hierarchy() {
    const entities = ['principal', 'resource', 'action', 'User::"bob"', 'User::"missing"', 'Group::"a"', 'Group::"top"', 'Group::"unlisted"', 'Root::"r"', 'Action::"read"', 'Action::"all"',
        'Action::"view"', 'context.e', 'context.missing', 'principal.boss.boss', 'User::"alice"'];
    const lists = ['[]', '[Group::"a"]', '[Group::"x", Group::"top"]', '[principal, 1]', '[1, principal]', '["a"]', '[[principal]]', '[User::"bob", Group::"unlisted"]', '[context.nothing]',
        '[principal, resource, action]', '1', '{a: principal}', 'context.nothing'];
    return entities.flatMap(left => [
        ...[...entities, ...lists].flatMap(right => [`${left} in ${right}`, `${left} is User in ${right}`, `${left} == ${right}`]),
        ...['User', 'Group', 'Action', 'Nobody', 'A::User'].map(type => `${left} is ${type}`),
    ]);
}

function attributes() {
    const holders = ['principal', 'resource', 'action', 'context', 'context.r', 'context.e', 'context.missing', 'principal.boss', 'User::"missing"', 'principal.r', 'Group::"a"',
        '{n: 1, name: "x", "x y": 2}', '1', '"a"', '[]'];
    return holders.flatMap(holder => [
        ...['n', 'name', 'boss', 'a', 'r'].flatMap(name => [`${holder} has ${name}`, `${holder}.${name} == 1`, `${holder}["${name}"] == "alice"`]),
        ...['boss.n', 'boss.boss', 'boss.boss.n', 'a.b', 'a.b.c', 'r.a.b', 'r.a.b.c', 'r.a.b.c.d', 'n.a', 'e.boss.n', 'missing.n', 'name.a'].map(path => `${holder} has ${path}`),
        ...['', 'x y', 'if', 'a.b', 'naïve', '\\u{6e}', '\\x6e'].flatMap(name => [`${holder} has "${name}"`, `${holder}["${name}"] == 1`]),
    ]);
}

function tags() {
    const holders = ['principal', 'context.e', 'User::"missing"', 'context', '1'];
    const keys = ['"plan"', '""', '"none"', 'principal.name', '1', 'context.s', 'context.nothing'];
    return holders.flatMap(holder => keys.flatMap(key => [`${holder}.hasTag(${key})`, `${holder}.getTag(${key}) == "gold"`, `${holder}.hasTag(${key}) && ${holder}.getTag(${key}) like "*"`]));
}

function patterns() {
    const strings = ['', 'a', 'ab', 'aab', 'abab', 'a*b', '*', '**', 'a\nb', 'é', 'e\u0301', '😀', 'A', 'a\\b', '\0', 'a"b', 'mississippi', 'aaaaaaaaaaaaaaaaaaaa'];
    const forms = ['', '*', '**', 'a', 'a*', '*a', '*b', 'a*b', '*a*', 'a**b', '\\*', '*\\**', 'a\\*b', '\\*\\*', 'a\\nb', '*\\n*', '\\u{e9}', 'é*', '😀', '*😀', 'A', 'a\\\\b', '\\0', '\\"',
        '*\\"*', 'm*iss*ip*i', '*ss*ss*', '*issi', 'a*a*a*a*b', '\\x61*', '\\x2a', '\\u{2a}', '?', '.', '.*', '[a]', '%', 'ab*ab', 'a*ab', '*ab*ab*', '\\*b', 'a\\*'];
    return strings.flatMap(text => forms.map(form => `${quote(text)} like "${form}"`));
}

function sets() {
    const lists = ['[]', '[1]', '[1, 1]', '[1, 2]', '[2, 1]', '[1, 2, 3]', '["a"]', '[1, "a"]', '[true, 1]', '[[1], [2]]', '[[2], [1], [2]]', '[{a: 1}]', '[decimal("1.0")]',
        '[decimal("1.00"), 1]', '[principal]', '[User::"alice", User::"bob"]', '[[]]'];
    const elements = ['1', '"a"', 'true', '[1]', '{a: 1}', 'decimal("1.000")', 'principal', '[]', 'context.nothing'];
    return lists.flatMap(left => [
        ...lists.flatMap(right => [`${left} == ${right}`, `${left}.containsAll(${right})`, `${left}.containsAny(${right})`, `${left}.contains(${right})`]),
        ...elements.map(element => `${left}.contains(${element})`), `${left}.isEmpty()`,
    ]);
}

function records() {
    const all = ['{}', '{a: 1}', '{"a": 1}', '{a: 1, b: 2}', '{b: 2, a: 1}', '{a: {b: 1}}', '{a: {"b": 1}}', '{a: [2, 1]}', '{a: [1, 2, 1]}', '{"": 1}', '{"x y": principal}',
        '{a: context.nothing}', 'context.r', 'context', 'principal'];
    return all.flatMap(left => all.flatMap(right => [`${left} == ${right}`, `${left} != ${right}`, `[${left}].contains(${right})`]));
}
