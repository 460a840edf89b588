// Policies in JSON that are right or wrong by a little: the oracle says which.
import { values } from './entityCorners.mjs';

const Value = value => ({ Value: value });
const one = Value(1), yes = Value(true), principal = { Var: 'principal' };
const pair = { left: one, right: one };
const alice = { type: 'User', id: 'alice' }, view = { type: 'Action', id: 'view' };

export const bodies = [
    ...values.map(Value), ...['principal', 'action', 'resource', 'context', 'foo', '', 'Principal', null, 1].map(name => ({ Var: name })), { Slot: '?principal' }, { Slot: '?foo' },
    { Unknown: { name: 'x' } }, {}, null, 1, 'x', true, [], [yes], { Value: 1, Var: 'principal' }, { value: 1 }, { Value: { left: one } },
    ...['==', '!=', '<', '<=', '>', '>=', 'in', '&&', '||', '+', '-', '*', '/', '%', '=', 'contains', 'containsAll', 'containsAny', 'hasTag', 'getTag', 'is', 'like', 'has', '.', '!', 'neg',
        'isEmpty'].flatMap(operator => [{ [operator]: pair }, { [operator]: { left: one } }, { [operator]: [one, one] }, { [operator]: { ...pair, foo: 1 } }, { [operator]: { arg: yes } }]),
    { '!': yes }, { '!': { arg: one, foo: 1 } }, { neg: { arg: Value(-1) } }, { neg: { arg: Value(-9223372036854775808n) } }, { '-': { arg: one } },
    ...['a', '', 'if', 'two words', '__cedar', 'é', 1, null, [], ['a'], ['a', 'b'], ['if', 'two words'], [1], ['']].flatMap(attr => [{ has: { left: principal, attr } }, { '.': { left: principal, attr } }]),
    { has: { left: principal } }, { has: { attr: 'a' } }, { '.': { left: principal, attr: 'a', foo: 1 } }, { '.': { left: principal, right: Value('a') } },
    ...['a*', [], ['Wildcard'], ['Wildcard', 'Wildcard'], [{ Literal: 'a' }], [{ Literal: 'ab*c' }], [{ Literal: '' }], [{ Literal: 'a' }, 'Wildcard', { Literal: '*' }], ['wildcard'],
        [{ literal: 'a' }], [{ Literal: 1 }], ['a'], [{ Wildcard: null }], [{ Literal: 'a', Wildcard: null }], [null], [{}], null, {}].map(pattern => ({ like: { left: Value('a'), pattern } })),
    { like: { left: Value('a'), right: Value('a') } },
    ...['User', 'A::B', 'A :: B', 'Us er', '', 'if', 'User::', '__cedar::User', 1, null].map(type => ({ is: { left: principal, entity_type: type } })), { is: { left: principal, entity_type: 'User', in: Value({ __entity: alice }) } },
    { is: { left: principal, entity_type: 'User', in: one } }, { is: { left: principal, entity_type: 'User', in: null } }, { is: { left: principal, entity_type: 'User', in: alice } },
    { is: { left: principal, entity_type: 'User', foo: 1 } }, { is: { left: principal, type: 'User' } },
    { 'if-then-else': { if: yes, then: one, else: one } }, { 'if-then-else': { if: yes, then: one } }, { 'if-then-else': { if: yes, then: one, else: one, foo: 1 } }, { 'if-then-else': [yes, one, one] },
    { if: { if: yes, then: one, else: one } }, { Set: [] }, { Set: [one, Value('a')] }, { Set: one }, { Set: null }, { Set: [null] }, { Set: [1] }, { Record: {} }, { Record: { a: one, '': one, 'two words': { Set: [] } } },
    { Record: { a: 1 } }, { Record: [] }, { Record: null }, { Record: { __entity: one } },
    ...['ip', 'decimal', 'datetime', 'duration', 'isIpv4', 'isInRange', 'lessThan', 'offset', 'toDate', 'toDays', 'foo', 'A::ip', 'contains'].flatMap(name => [{ [name]: [Value('x')] }, { [name]: [] }, { [name]: [one, one] }, { [name]: [one, one, one] }, { [name]: Value('x') }, { [name]: { arg: one } }, { [name]: null }]),
    { ip: [Value('1.2.3.4')], decimal: [] }, { ip: [{ Slot: '?principal' }] },
];

const policy = changes => ({ effect: 'permit', principal: { op: 'All' }, action: { op: 'All' }, resource: { op: 'All' }, conditions: [], ...changes });
const without = name => Object.fromEntries(Object.entries(policy({})).filter(([key]) => key !== name));

export const policies = [
    policy({}), {}, null, [], 1, policy({ foo: 1 }), ...['effect', 'principal', 'action', 'resource', 'conditions'].map(without),
    ...['forbid', 'Permit', 'allow', '', null, 1].map(effect => policy({ effect })),
    ...[{ op: 'All' }, { op: 'all' }, { op: 'ALL' }, {}, null, 'All', { op: 'All', entity: alice }, { op: 'All', foo: 1 }, { op: '==' }, { op: '==', entity: alice }, { op: '==', entity: { __entity: alice } },
        { op: '==', entity: 'User::"a"' }, { op: '==', entity: { type: 'Us er', id: 'a' } }, { op: '==', entity: { type: 'User' } }, { op: '==', entity: { ...alice, foo: 1 } }, { op: '==', slot: '?principal' },
        { op: '==', slot: '?resource' }, { op: '==', slot: '?foo' }, { op: '==', slot: 'principal' }, { op: '==', entity: alice, slot: '?principal' }, { op: '==', entity: view }, { op: 'in', entity: alice },
        { op: 'in', slot: '?principal' }, { op: 'in', slot: '?resource' }, { op: 'in', entities: [alice] }, { op: 'in' }, { op: 'is', entity_type: 'User' }, { op: 'is', entity_type: 'A::B' },
        { op: 'is', entity_type: 'Us er' }, { op: 'is', entity_type: 'if' }, { op: 'is' }, { op: 'is', entity_type: 'User', in: { entity: alice } }, { op: 'is', entity_type: 'User', in: { slot: '?principal' } },
        { op: 'is', entity_type: 'User', in: { slot: '?resource' } }, { op: 'is', entity_type: 'User', in: alice }, { op: 'is', entity_type: 'User', in: null }, { op: 'is', entity_type: 'User', in: { op: 'in', entity: alice } },
        { op: 'is', entity_type: 'User', foo: 1 }, { op: '!=', entity: alice }, { op: 'has', attr: 'a' }].flatMap(constraint => [policy({ principal: constraint }), policy({ resource: constraint })]),
    ...[{ op: 'All' }, { op: 'all' }, { op: '==', entity: view }, { op: '==', entity: { type: 'A::Action', id: 'view' } }, { op: '==', entity: { type: 'A::B::Action', id: 'view' } },
        { op: '==', entity: alice }, { op: '==', entity: { type: 'Action::A', id: 'view' } }, { op: '==', slot: '?action' }, { op: '==', slot: '?principal' }, { op: '==', entities: [view] },
        { op: 'in', entity: view }, { op: 'in', entities: [] }, { op: 'in', entities: [view] }, { op: 'in', entities: [view, view] }, { op: 'in', entities: [view, alice] }, { op: 'in', entities: [{ __entity: view }] },
        { op: 'in', entities: view }, { op: 'in', entity: [view] }, { op: 'in', entity: alice }, { op: 'in', slot: '?principal' }, { op: 'in', entity: view, entities: [view] }, { op: 'is', entity_type: 'Action' },
        { op: 'in', entities: null }].map(action => policy({ action })),
    ...[null, {}, [{}], [null], [{ kind: 'when' }], [{ body: yes }], [{ kind: 'when', body: yes }], [{ kind: 'unless', body: yes }], [{ kind: 'When', body: yes }], [{ kind: 'if', body: yes }],
        [{ kind: 'when', body: yes, foo: 1 }], [{ kind: 'when', body: yes }, { kind: 'when', body: one }, { kind: 'unless', body: principal }],
        [[yes]]].map(conditions => policy({ conditions })),
    ...[{}, null, [], { a: 'b' }, { a: null }, { a: '' }, { a: 1 }, { a: true }, { if: 'b' }, { 'a b': 'c' }, { '': 'c' }, { __cedar: 'c' }, { '1': 'c' }, { b: '1', a: '2' },
        { 'é': 'c' }].map(annotations => policy({ annotations })),
    policy({ principal: { op: '==', slot: '?principal' }, resource: { op: 'in', slot: '?resource' } }), policy({ principal: { op: '==', slot: '?principal' }, conditions: [{ kind: 'when', body: { '==': { left: { Slot: '?principal' }, right: principal } } }] }),
];
