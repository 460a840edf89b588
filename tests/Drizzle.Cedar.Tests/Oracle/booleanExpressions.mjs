import * as text from './cedarText.mjs';
import { ancestorTypes } from './schemas.mjs';
import { someEntity, someId, somePattern, stringLiteral } from './values.mjs';
import { Address, Bool, Datetime, Decimal, Duration, Long, String, entityType, recordType, resolved, sameType, scalars, setType } from './types.mjs';

const simple = [
    [1, maker => maker.literal(Bool)],
    [4, maker => maker.pathOf(Bool)],
    [5, equality], [4, ordering], [3, matching], [4, membership], [2, typeTest], [3, attributeTest], [2, tagTest], [2, setTest],
];

const nested = [
    ...simple,
    [5, (maker, _, depth) => text.infix(maker.operand(depth), '&&', maker.operand(depth))],
    [5, (maker, _, depth) => text.infix(maker.operand(depth), '||', maker.operand(depth))],
    [3, negation],
    [2, (maker, _, depth) => ordering(maker, _, depth + 1)],
    [2, (maker, _, depth) => text.conditional(maker.operand(depth), maker.operand(depth), maker.operand(depth))],
    [2, decimalComparison], [3, addressTest],
    [1.2, unreachable],
    [0.5, (maker, _, depth) => inRecord(maker, maker.of(Bool, depth))],
];

export const booleanMakers = { simple, nested };

/** The value as an attribute of a record literal. */
export function inRecord(maker, value) {
    const name = maker.rng.pick(['a', 'b', 'in', 'key']);
    const entries = maker.rng.shuffled([[name, value], ['other', maker.literal(maker.rng.pick(scalars))]]);
    return text.attribute(text.recordOf(entries), name);
}

function equality(maker, _, depth = 0) {
    const type = comparableType(maker);
    const operator = maker.rng.chance(0.75) ? '==' : '!=';
    const left = maker.rng.chance(0.8) ? maker.pathOf(type) : maker.of(type, depth);
    const right = maker.mistakes.make('incomparable', 1.5) ? maker.of(maker.someType(), 0) : maker.rng.chance(0.5) ? maker.literal(type) : maker.of(type, depth);
    return maker.rng.chance(0.8) ? text.infix(left, operator, right) : text.infix(right, operator, left);
}

function comparableType(maker) {
    const { rng, scope } = maker;
    return rng.weighted([
        [6, () => rng.pick(scope.paths).type],
        [2, () => rng.pick(scalars)],
        [1, () => maker.someEntityType()],
        [0.5, () => recordType([['a', { type: rng.pick(scalars), required: true }], ['b', { type: Long, required: true }]])],
    ])();
}

function ordering(maker, _, depth = 0) {
    const type = maker.rng.weighted([[6, Long], [2.5, Datetime], [2.5, Duration]]);
    const operator = maker.rng.pick(['<', '<=', '>', '>=']);
    return text.infix(maker.of(type, depth), operator, maker.of(type, depth));
}

function matching(maker, _, depth = 0) {
    return text.like(maker.of(String, depth), somePattern(maker.rng));
}

function membership(maker) {
    const { rng, schema, scope } = maker;
    if (rng.chance(0.15))
        return text.infix(text.expression('action'), rng.pick(['in', 'in', '==']), someAction(maker));
    const paths = scope.matching(type => type.kind === 'Entity');
    const left = rng.chance(0.9) ? rng.pick(paths) : undefined;
    const type = left ? resolved(left.type) : maker.someEntityType();
    const related = [type.name, ...ancestorTypes(schema, type.name)];
    const ancestor = rng.chance(0.95) ? entityType(rng.pick(related)) : maker.someEntityType();
    return text.infix(left ? maker.use([left]) : maker.literal(type), 'in', ancestorExpression(maker, ancestor));
}

function ancestorExpression(maker, type) {
    const some = () => maker.rng.chance(0.7) ? maker.literal(type) : maker.pathOf(type);
    return maker.rng.weighted([
        [6, some],
        [3, () => text.setOf(maker.rng.times(maker.rng.between(1, 3), () => maker.mistakes.make('mixed set', 2) ? maker.of(maker.someType(), 0) : some()))],
        [1, () => maker.pathOf(setType(type))],
    ])();
}

function someAction(maker) {
    const { rng, schema, scope } = maker;
    const uids = [scope.action, ...scope.action.memberOf, rng.pick(schema.actions)];
    const { type, id } = rng.pick(uids);
    return text.entity({ type, id: maker.mistakes.make('unknown action', 2) ? 'nothing' : id });
}

function typeTest(maker) {
    const { rng, scope, schema } = maker;
    const path = rng.pick(scope.matching(type => type.kind === 'Entity'));
    const own = resolved(path.type).name;
    const type = rng.chance(0.7) ? own : rng.pick([...schema.entityTypes.keys()]);
    const name = maker.mistakes.make('unknown type') ? 'Nobody' : type;
    const ancestors = [own, ...ancestorTypes(schema, own)];
    const within = rng.chance(0.4) ? ancestorExpression(maker, entityType(rng.pick(ancestors))) : undefined;
    return text.isType(maker.use([path]), name, within);
}

function attributeTest(maker) {
    const { rng, scope } = maker;
    const parents = scope.paths.filter(path => path.names.length > 0);
    if (parents.length === 0)
        return text.hasAttribute(text.expression('principal'), rng.pick(['name', 'missing', 'two words']));
    const path = rng.pick(parents);
    if (rng.chance(0.3) && path.names.every(text.isIdentifier))
        return text.hasAttribute(path.base, ...path.names);
    const holders = scope.paths.filter(p => p.base === path.base && p.names.length === path.names.length - 1 && p.names.every((n, i) => n === path.names[i]));
    return text.hasAttribute(maker.use(holders), rng.chance(0.85) ? path.names.at(-1) : rng.pick(['missing', 'odd name', '']));
}

function tagTest(maker) {
    const holder = taggedEntity(maker);
    return holder ? text.method(holder, 'hasTag', tagKey(maker)) : equality(maker);
}

/** An entity whose type has tags, of the given type if there is one. */
export function taggedEntity(maker, tagType) {
    const { schema, scope, rng } = maker;
    const isTagged = name => {
        const tags = schema.entityTypes.get(name)?.tags;
        return tags && (!tagType || sameType(tags, tagType));
    };
    const paths = scope.matching(type => type.kind === 'Entity' && (isTagged(type.name) || maker.mistakes.make('no tags', 0.2)));
    if (paths.length > 0)
        return maker.use(paths);
    const names = [...schema.entityTypes.keys()].filter(isTagged);
    return names.length > 0 && rng.chance(0.5) ? text.entity(someEntity(rng, schema, rng.pick(names))) : undefined;
}

export function tagKey(maker) {
    return maker.rng.chance(0.85) ? text.string(maker.rng.pick(['a', 'b', 'plan'])) : maker.of(String, 0);
}

function setTest(maker, _, depth = 0) {
    const { rng, scope } = maker;
    const sets = scope.matching(type => type.kind === 'Set');
    const path = sets.length > 0 && rng.chance(0.75) ? rng.pick(sets) : undefined;
    const type = path ? resolved(path.type) : setType(rng.chance(0.8) ? rng.pick(scalars) : maker.someEntityType());
    const target = path ? maker.use([path]) : maker.of(type, depth);
    return rng.weighted([
        [4, () => text.method(target, 'contains', maker.of(maker.mistakes.make('wrong element', 2) ? maker.someType() : type.element, depth))],
        [2, () => text.method(target, 'containsAll', maker.of(type, depth))],
        [2, () => text.method(target, 'containsAny', maker.of(type, depth))],
        [1, () => text.method(target, 'isEmpty')],
    ])();
}

function negation(maker, _, depth) {
    const operand = maker.operand(depth);
    return text.expression('!'.repeat(maker.rng.weighted([[9, 1], [1, 2], [0.5, 3], [0.5, 4]])) + text.at(operand, text.Level.Member), text.Level.Unary);
}

function decimalComparison(maker, _, depth) {
    const name = maker.rng.pick(['lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual']);
    return text.method(maker.of(Decimal, depth), name, maker.of(Decimal, depth));
}

function addressTest(maker, _, depth) {
    const target = maker.of(Address, depth);
    return maker.rng.chance(0.35)
        ? text.method(target, 'isInRange', maker.of(Address, depth))
        : text.method(target, maker.rng.pick(['isIpv4', 'isIpv6', 'isLoopback', 'isMulticast']));
}

// Code that is never evaluated, so that its types do not matter.
function unreachable(maker, _, depth) {
    const { rng } = maker;
    const wild = maker.wild(Math.min(depth, 1));
    return rng.weighted([
        [3, () => text.infix(neverTrue(maker), '&&', wild)],
        [2, () => text.infix(text.expression('true'), '||', wild)],
        [1, () => text.conditional(text.expression('true'), maker.bool(depth), wild)],
        [1, () => text.conditional(neverTrue(maker), wild, maker.bool(depth))],
        [1, () => text.infix(text.prefix('!', text.expression('true')), '&&', wild)],
    ])();
}

function neverTrue(maker) {
    const { rng, schema, scope } = maker;
    const others = [...schema.entityTypes.keys()].filter(name => name !== scope.principal);
    return rng.weighted([
        [3, () => text.expression('false')],
        [2, () => text.isType(text.expression('principal'), rng.pick(others.length > 0 ? others : ['User']))],
        [1, () => text.infix(text.expression('resource'), 'in', text.entity({ type: rng.pick([...schema.entityTypes.keys()]), id: someId(rng) }))],
        [1, () => text.hasAttribute(text.expression(rng.pick(['principal', 'context'])), 'missing')],
        [1, () => text.infix(text.expression('action'), '==', text.entity({ type: scope.action.type, id: rng.pick(schema.actions).id }))],
        [0.5, () => text.infix(text.long(1n), '==', text.long(2n))],
        [0.5, () => text.infix(text.infix(text.long(1n), '==', text.long(1n)), '&&', text.expression('false'))],
        [0.5, () => text.infix(stringLiteral(rng), '==', stringLiteral(rng))],
    ])();
}
