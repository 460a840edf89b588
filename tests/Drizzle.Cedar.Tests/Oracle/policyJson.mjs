import { copyOf, isPlainObject } from './exactJson.mjs';

const binary = ['==', '!=', 'in', '<', '<=', '>', '>=', '&&', '||', '+', '-', '*', 'contains', 'containsAll', 'containsAny', 'hasTag', 'getTag'];
const values = [
    true, false, 0, 1, 'a', [], [1, 2], ['a', 'b'], { a: 1 }, {}, { a: { b: [1] } },
    { __entity: { type: 'User', id: 'a' } }, [{ __entity: { type: 'User', id: 'a' } }, 1],
    { __extn: { fn: 'ip', arg: '10.0.0.1' } }, { __extn: { fn: 'decimal', arg: '1.5' } }, { __extn: { fn: 'decimal', arg: 'x' } },
    { __extn: { fn: 'offset', args: [{ __extn: { fn: 'datetime', arg: '2024-01-01' } }, { __extn: { fn: 'duration', arg: '1h' } }] } },
];

/** A policy's JSON with one to three changes that text alone would seldom bring about. */
export function mutatedPolicyJson(rng, json) {
    const copy = copyOf(json);
    for (let i = rng.between(1, 3); i > 0; i--) {
        const nodes = copy.conditions.flatMap(clause => expressionsIn(clause, 'body'));
        if (nodes.length === 0)
            return { ...copy, effect: copy.effect === 'permit' ? 'forbid' : 'permit' };
        const { holder, key } = rng.pick(nodes);
        holder[key] = changed(rng, holder[key]);
    }
    return copy;
}

function changed(rng, node) {
    const [operator] = Object.keys(node);
    return rng.weighted([
        [3, () => binary.includes(operator) ? { [rng.pick(binary)]: node[operator] } : node],
        [2, () => ({ Value: rng.pick(values) })],
        [1, () => ({ '!': { arg: node } })],
        [0.5, () => ({ neg: { arg: node } })],
        [1, () => ({ 'if-then-else': { if: node, then: { Value: true }, else: node } })],
        [1, () => ({ has: { left: node, attr: rng.pick(['name', ['name'], ['meta', 'a'], 'no such', ['if', 'x y']]) } })],
        [1, () => ({ like: { left: node, pattern: rng.pick([[], ['Wildcard'], ['Wildcard', 'Wildcard'], [{ Literal: 'a' }, 'Wildcard'], [{ Literal: 'a' }, { Literal: '*' }]]) } })],
        [1, () => ({ is: { left: node, entity_type: 'User', in: { Var: rng.pick(['resource', 'principal']) } } })],
        [1, () => ({ Var: rng.pick(['principal', 'action', 'resource', 'context']) })],
        [1, () => ({ '.': { left: node, attr: rng.pick(['name', '', 'a']) } })],
        [0.5, () => ({ isEmpty: { arg: node } })],
        [0.5, () => ({ Set: [node, node] })],
        [0.5, () => ({ Record: { a: node, if: node } })],
    ])();
}

function expressionsIn(holder, key) {
    const node = holder[key];
    if (!isPlainObject(node) || 'Value' in node)
        return [{ holder, key }];
    const [operands] = Object.values(node);
    const inner = isPlainObject(operands) || Array.isArray(operands)
        ? Object.keys(operands).filter(name => isPlainObject(operands[name]) && isExpressionKey(name, operands)).flatMap(name => expressionsIn(operands, name))
        : [];
    return [{ holder, key }, ...inner];
}

function isExpressionKey(name, operands) {
    return Array.isArray(operands) ? !('Literal' in operands[name]) : true;
}
