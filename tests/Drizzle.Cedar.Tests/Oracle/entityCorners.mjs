// Entities and requests that are right or wrong by a little: the oracle says which.

const uid = (type, id) => ({ type, id });
const entity = (type, id, attrs = {}, parents = [], more = {}) => ({ uid: uid(type, id), attrs, parents, ...more });
const holding = value => [entity('User', 'a', { v: value })];

export const values = [
    true, 1, -1, 0, 9007199254740993n, 9223372036854775807n, -9223372036854775808n, 9223372036854775808n, -9223372036854775809n, 1.5, 1.0, null, 'a', '', [], [1, 'a', [], {}], [null], {},
    { a: 1 }, { a: null }, { '': 1 }, { a: { b: { c: [{ d: 1 }] } } }, { __foo: 1 }, { type: 'User', id: 'a' }, { fn: 'ip', arg: '1.2.3.4' },
    { __entity: { type: 'User', id: 'a' } }, { __entity: { type: 'User', id: '' } }, { __entity: { type: 'A::B', id: 'a"b\n' } }, { __entity: { type: '', id: 'a' } },
    { __entity: { type: 'Us er', id: 'a' } }, { __entity: { type: ' User', id: 'a' } }, { __entity: { type: 'A :: B', id: 'a' } }, { __entity: { type: 'User::', id: 'a' } },
    { __entity: { type: 'if', id: 'a' } }, { __entity: { type: '__cedar', id: 'a' } }, { __entity: { type: '__cedar::User', id: 'a' } }, { __entity: { type: 'Action', id: 'view' } },
    { __entity: { type: 'User' } }, { __entity: { id: 'a' } }, { __entity: {} }, { __entity: 'User::"a"' }, { __entity: null }, { __entity: { type: 1, id: 'a' } },
    { __entity: { type: 'User', id: 1 } }, { __entity: { type: 'User', id: 'a', foo: 1 } }, { __entity: { type: 'User', id: 'a' }, foo: 1 }, { __entity: { __entity: { type: 'User', id: 'a' } } },
    { __entity: { type: 'User', id: 'a' }, __extn: { fn: 'ip', arg: '1.2.3.4' } },
    { __extn: { fn: 'ip', arg: '1.2.3.4' } }, { __extn: { fn: 'ip', arg: 'x' } }, { __extn: { fn: 'ip', arg: 1 } }, { __extn: { fn: 'ip', args: ['1.2.3.4'] } }, { __extn: { fn: 'ip', args: [] } },
    { __extn: { fn: 'ip', args: ['1.2.3.4', '1.2.3.4'] } }, { __extn: { fn: 'ip' } }, { __extn: { arg: '1.2.3.4' } }, { __extn: { fn: 'foo', arg: '1.2.3.4' } }, { __extn: { fn: 'IP', arg: '1.2.3.4' } },
    { __extn: { fn: 'decimal', arg: '1.0' } }, { __extn: { fn: 'decimal', arg: '1' } }, { __extn: { fn: 'datetime', arg: '2024-01-01' } }, { __extn: { fn: 'datetime', arg: '2024-13-01' } },
    { __extn: { fn: 'duration', arg: '1h' } }, { __extn: { fn: 'duration', arg: '1x' } }, { __extn: 'ip("1.2.3.4")' }, { __extn: null }, { __extn: { fn: 'ip', arg: '1.2.3.4', foo: 1 } },
    { __extn: { fn: 'ip', arg: '1.2.3.4' }, foo: 1 },
    { __extn: { fn: 'offset', args: [{ __extn: { fn: 'datetime', arg: '2024-01-01' } }, { __extn: { fn: 'duration', arg: '1h' } }] } }, { __extn: { fn: 'toDate', args: [{ __extn: { fn: 'datetime', arg: '2024-01-01' } }] } },
    { __extn: { fn: 'toDate', arg: { __extn: { fn: 'datetime', arg: '2024-01-01' } } } }, { __extn: { fn: 'isIpv4', arg: { __extn: { fn: 'ip', arg: '1.2.3.4' } } } },
    { __extn: { fn: 'lessThan', args: [{ __extn: { fn: 'decimal', arg: '1.0' } }, { __extn: { fn: 'decimal', arg: '2.0' } }] } }, { __extn: { fn: 'ip', arg: { __extn: { fn: 'ip', arg: '1.2.3.4' } } } },
    { __expr: 'ip("1.2.3.4")' }, { __expr: '1', foo: 1 }, [{ __entity: { type: 'User', id: 'a' } }, { __entity: { type: 'User', id: 'a' } }], { a: { __extn: { fn: 'ip', arg: 'x' } } },
    [{ __extn: { fn: 'ip', arg: 'x' } }],
];

export const withoutSchema = [
    [], {}, null, 'x', [1], [{}], [[]], [entity('User', 'a')], [entity('User', 'a'), entity('User', 'b')], [entity('User', 'a'), entity('User', 'a')], [entity('User', 'a', { v: 1 }),
        entity('User', 'a', { v: 2 })], [entity('User', 'a', { v: 1 }), entity('User', 'a', { v: 1 })], [entity('User', 'a', { v: [1, 2] }), entity('User', 'a', { v: [2, 1] })], [entity('User', 'a'),
        entity('Group', 'a')],
    [{ uid: uid('User', 'a') }], [{ uid: uid('User', 'a'), attrs: {} }], [{ uid: uid('User', 'a'), parents: [] }], [{ attrs: {}, parents: [] }], [{ uid: uid('User', 'a'), attrs: null, parents: [] }],
    [{ uid: uid('User', 'a'), attrs: [], parents: [] }], [{ uid: uid('User', 'a'), attrs: {}, parents: {} }], [{ uid: uid('User', 'a'), attrs: {}, parents: null }], [entity('User', 'a', {}, [], { tags: {} })],
    [entity('User', 'a', {}, [], { tags: { a: 1, b: 'x', c: { __entity: uid('User', 'b') } } })], [entity('User', 'a', {}, [], { tags: null })], [entity('User', 'a', {}, [], { tags: [] })],
    [entity('User', 'a', {}, [], { tags: { a: null } })], [entity('User', 'a', {}, [], { foo: 1 })], [entity('User', 'a', {}, [], { tags: { '': 1, 'two words': [] } })],
    ...[{ __entity: uid('User', 'a') }, 'User::"a"', 'User', null, 1, {}, { type: 'User' }, { id: 'a' }, { type: 'User', id: 'a', foo: 1 }, { type: 'A::B', id: 'a' }, { type: 'A::', id: 'a' },
        { type: 'Us er', id: 'a' }, { type: '', id: 'a' }, { type: 'if', id: 'a' }, { type: '__cedar', id: 'a' }, { type: 'User', id: '' }, { type: 'User', id: 1 }, { type: 'Action', id: 'view' },
        { type: 'A::Action', id: 'view' }, { __entity: 'User::"a"' }, { __entity: { type: 'User', id: 'a' }, foo: 1 }, { __expr: 'User::"a"' }, { type: ' User', id: 'a' }, { type: 'A :: B', id: 'a' },
        { __extn: { fn: 'ip', arg: '1.2.3.4' } }].flatMap(id => [[{ uid: id, attrs: {}, parents: [] }], [entity('User', 'z', {}, [id])]]),
    ...values.map(holding), ...values.slice(0, 30).map(value => [entity('User', 'a', {}, [], { tags: { v: value } })]),
    [entity('User', 'a', { '': 1, 'two words': 2, if: 3, __cedar: 4, __entity: 5 })], [entity('User', 'a', { __entity: { type: 'User', id: 'b' } })], [entity('User', 'a', {}, [uid('User', 'a')])],
    [entity('User', 'a', {}, [uid('User', 'b')]), entity('User', 'b', {}, [uid('User', 'a')])], [entity('User', 'a', {}, [uid('User', 'b')]), entity('User', 'b', {}, [uid('User', 'c')]),
        entity('User', 'c', {}, [uid('User', 'a')])], [entity('User', 'a', {}, [uid('User', 'b'), uid('User', 'b')])], [entity('User', 'a', {}, [uid('User', 'b')]), entity('User', 'b', {}, [uid('User', 'c')])],
    [entity('User', 'a', {}, [uid('User', 'b'), uid('User', 'c')]), entity('User', 'b', {}, [uid('User', 'c')]), entity('User', 'c')],
    [entity('Action', 'view', { a: 1 })], [entity('Action', 'view', {}, [uid('User', 'a')])], [entity('Action', 'view', {}, [uid('Action', 'read')])], [entity('Action', 'view', {}, [], { tags: { a: 1 } })],
    [entity('User', 'a', {}, [uid('Action', 'read')])],
];

export const entitySchema = `
entity User in [Group] { n: Long, o?: String, boss?: User, groups?: Set<Group>, r?: { a: Long, b?: String }, ip?: ipaddr, dec?: decimal, at?: datetime, dur?: duration, color?: Color, nested?: Set<Set<Long>>, any?: Set<{ x?: User }> } tags String;
entity Group in [Group] tags Set<Group>;
entity Plain;
entity Color enum ["red", "green"];
action read;
action write in [read];
action view in [read] appliesTo { principal: [User], resource: [Group, Color], context: { c: Long, o?: User, r?: { a: ipaddr }, s?: Set<decimal> } };
action paint in [write] appliesTo { principal: [User, Group], resource: [Plain] };
`;

const user = (attrs, more) => [{ uid: uid('User', 'a'), attrs: { n: 1, ...attrs }, parents: [], ...more }];

const attributeValues = {
    n: [1, 0, '1', true, 1.5, null, 9223372036854775807n, 9223372036854775808n, [1], { a: 1 }, { __entity: uid('User', 'a') }],
    o: ['a', '', 1, null, ['a']],
    boss: [uid('User', 'b'), { __entity: uid('User', 'b') }, uid('Group', 'b'), { __entity: uid('Group', 'b') }, 'b', 'User::"b"', null, { type: 'User' }, uid('Nobody', 'b'), { type: 'User', id: 'b', foo: 1 },
        {}, [uid('User', 'b')]],
    groups: [[], [uid('Group', 'a')], [{ __entity: uid('Group', 'a') }, uid('Group', 'b')], [uid('User', 'a')], uid('Group', 'a'), [1], [null], [uid('Group', 'a'), uid('Group', 'a')]],
    r: [{ a: 1 }, { a: 1, b: 'x' }, { b: 'x' }, { a: 'x' }, { a: 1, c: 1 }, {}, null, [], { a: 1, b: null }, 1],
    ip: ['1.2.3.4', '::1', 'x', 1, { __extn: { fn: 'ip', arg: '1.2.3.4' } }, { fn: 'ip', arg: '1.2.3.4' }, { fn: 'ip', arg: 'x' }, { __extn: { fn: 'decimal', arg: '1.0' } }, { fn: 'decimal', arg: '1.0' },
        { fn: 'foo', arg: '1' }, { arg: '1.2.3.4' }, null, [], { __extn: '1.2.3.4' }],
    dec: ['1.0', '1', 1, 1.0, 1.5, { __extn: { fn: 'decimal', arg: '1.0' } }, { fn: 'decimal', arg: '1.0' }, { fn: 'decimal', args: ['1.0'] }, 'ip("1.2.3.4")'],
    at: ['2024-01-01', '2024-01-01T00:00:00Z', '2024-13-01', 0, { fn: 'datetime', arg: '2024-01-01' }, { fn: 'offset', args: ['2024-01-01', '1h'] }, { __extn: { fn: 'offset', args: [{ __extn: { fn: 'datetime', arg: '2024-01-01' } }, { __extn: { fn: 'duration', arg: '1h' } }] } },
        { fn: 'duration', arg: '1h' }],
    dur: ['1h', '-1h', '1x', 3600, { fn: 'duration', arg: '1h' }, { fn: 'datetime', arg: '2024-01-01' }, { __extn: { fn: 'toTime', args: [{ __extn: { fn: 'datetime', arg: '2024-01-01' } }] } }],
    color: [uid('Color', 'red'), { __entity: uid('Color', 'red') }, uid('Color', 'blue'), { __entity: uid('Color', 'blue') }, 'red'],
    nested: [[], [[]], [[1], [2]], [1], [['a']], [[1, 'a']]],
    any: [[], [{}], [{ x: uid('User', 'b') }], [{ x: uid('Group', 'b') }], [{ y: 1 }], [{ x: uid('User', 'b') }, {}]],
    extra: [1, null], '': [1], __entity: [uid('User', 'b')],
};

export const underSchema = [
    [], user({}), [{ uid: uid('User', 'a'), attrs: {}, parents: [] }], [{ uid: uid('User', 'a') }], [{ uid: uid('User', 'a'), attrs: { n: 1 } }], [entity('Nobody', 'a')],
    [entity('App::User', 'a', { n: 1 })], [entity('Group', 'a')], [{ uid: uid('Group', 'a') }], [entity('Plain', 'a', { n: 1 })], [entity('Plain', 'a', {}, [uid('Plain', 'b')])],
    ...Object.entries(attributeValues).flatMap(([name, all]) => all.map(value => user({ [name]: value }))),
    ...[[uid('Group', 'g')], [{ __entity: uid('Group', 'g') }], [uid('User', 'b')], [uid('Nobody', 'b')], [uid('Plain', 'b')], [uid('Color', 'red')], [uid('Action', 'view')], ['Group::"g"'],
        [uid('Group', 'g'), uid('Group', 'g')], [null], [uid('Group', 'g'), uid('Plain', 'g')], null].map(parents => user({}, { parents })),
    ...[{}, { a: 'x' }, { a: 1 }, { a: null }, { a: 'x', b: 'y' }, null, []].map(tags => user({}, { tags })), [entity('Group', 'a', {}, [], { tags: { a: [uid('Group', 'b')] } })],
    [entity('Group', 'a', {}, [], { tags: { a: [{ __entity: uid('Group', 'b') }], b: [] } })], [entity('Group', 'a', {}, [], { tags: { a: [uid('User', 'b')] } })], [entity('Group', 'a', {}, [], { tags: { a: 'x' } })],
    [entity('Plain', 'a', {}, [], { tags: {} })], [entity('Plain', 'a', {}, [], { tags: { a: 'x' } })],
    [entity('Color', 'red')], [entity('Color', 'blue')], [entity('Color', 'red', { a: 1 })], [entity('Color', 'red', {}, [uid('Group', 'g')])], [entity('Color', 'red', {}, [], { tags: { a: 'x' } })],
    [entity('Color', 'red', {}, [], { tags: {} })], [entity('Color', 'red'), entity('Color', 'red')],
    [entity('Action', 'view', {}, [uid('Action', 'read')])], [entity('Action', 'view')], [entity('Action', 'view', {}, [uid('Action', 'write')])], [entity('Action', 'view', {}, [uid('Action', 'read'), uid('Action', 'write')])],
    [entity('Action', 'paint', {}, [uid('Action', 'write')])], [entity('Action', 'paint', {}, [uid('Action', 'write'), uid('Action', 'read')])], [entity('Action', 'paint', {}, [uid('Action', 'read')])],
    [entity('Action', 'read')], [entity('Action', 'read'), entity('Action', 'write', {}, [uid('Action', 'read')])], [entity('Action', 'nothing')], [entity('App::Action', 'view')],
    [entity('Action', 'view', { a: 1 }, [uid('Action', 'read')])], [entity('Action', 'view', {}, [uid('Action', 'read')], { tags: { a: 1 } })], [entity('Action', 'view', {}, [uid('Action', 'nothing')])],
    [entity('Action', 'view', {}, [uid('Group', 'g')])],
    [...user({}), ...user({})], [...user({}), ...user({ n: 2 })], [entity('Group', 'a', {}, [uid('Group', 'a')])], [entity('Group', 'a', {}, [uid('Group', 'b')]), entity('Group', 'b', {}, [uid('Group', 'a')])],
    [entity('Group', 'a', {}, [uid('Group', 'b')]), entity('Group', 'b')], [{ ...user({})[0], foo: 1 }], [{ uid: { __entity: uid('User', 'a') }, attrs: { n: 1 }, parents: [] }],
    [{ uid: 'User::"a"', attrs: { n: 1 }, parents: [] }],
];

const view = { principal: uid('User', 'a'), action: uid('Action', 'view'), resource: uid('Group', 'g'), context: { c: 1 } };

export const requests = [
    view, ...[uid('Group', 'a'), uid('Nobody', 'a'), uid('Plain', 'a'), uid('Color', 'red'), uid('Action', 'view'), uid('User', ''), uid('Us er', 'a'), { __entity: uid('User', 'a') }].map(principal => ({ ...view, principal })),
    ...[uid('Action', 'paint'), uid('Action', 'read'), uid('Action', 'write'), uid('Action', 'nothing'), uid('App::Action', 'view'), uid('User', 'a'), uid('Action', ''),
        { __entity: uid('Action', 'view') }].flatMap(action => [{ ...view, action }, { ...view, action, context: {} }, { ...view, action, resource: uid('Plain', 'p'), context: {} }]),
    ...[uid('User', 'a'), uid('Nobody', 'a'), uid('Plain', 'a'), uid('Color', 'red'), uid('Color', 'blue'), uid('Color', ''), uid('Action', 'view')].map(resource => ({ ...view, resource })),
    ...[{}, { c: 1 }, { c: 'x' }, { c: true }, { c: 1.5 }, { c: null }, { c: 9223372036854775807n }, { c: 9223372036854775808n }, { c: [1] }, { c: 1, extra: 1 }, { c: 1, o: uid('User', 'b') },
        { c: 1, o: { __entity: uid('User', 'b') } }, { c: 1, o: uid('Group', 'b') }, { c: 1, o: { __entity: uid('Group', 'b') } }, { c: 1, o: null }, { c: 1, r: { a: '1.2.3.4' } }, { c: 1, r: { a: { __extn: { fn: 'ip', arg: '1.2.3.4' } } } },
        { c: 1, r: { a: { fn: 'ip', arg: '1.2.3.4' } } }, { c: 1, r: { a: 'x' } }, { c: 1, r: { a: { __extn: { fn: 'decimal', arg: '1.0' } } } }, { c: 1, r: {} }, { c: 1, r: { a: '1.2.3.4', b: 1 } },
        { c: 1, s: [] }, { c: 1, s: ['1.0', '2.0'] }, { c: 1, s: ['x'] }, { c: 1, s: ['1.0', { __extn: { fn: 'decimal', arg: '2.0' } }] }, { c: 1, s: [1] }, { c: 1, s: '1.0' }, { o: uid('User', 'b') },
        null, [], 1, 'x', { __entity: uid('User', 'a') }, { __extn: { fn: 'ip', arg: '1.2.3.4' } }].map(context => ({ ...view, context })),
    ...[{}, { a: 1 }, { c: 1 }].flatMap(context => [uid('User', 'u'), uid('Group', 'g')].map(principal => ({ principal, action: uid('Action', 'paint'), resource: uid('Plain', 'p'), context }))),
];
