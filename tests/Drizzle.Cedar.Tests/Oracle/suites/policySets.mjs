import { policiesParse } from '../oracle.mjs';

const plain = 'permit(principal, action, resource);';
const one = 'permit(principal == ?principal, action, resource);', two = 'permit(principal in ?principal, action, resource == ?resource);';
const alice = { type: 'User', id: 'alice' }, doc = { type: 'Doc', id: 'd' };
const link = (template, id, values) => ({ template, id, values });
const linked = (values, template = one) => ({ static: '', templates: { t: template }, links: [link('t', 'l', values)] });

/** Policy sets as a whole: ids, templates and links that fit together or do not. */
export function policySetVectors() {
    return sets().map(policies => ({ policies, ok: policiesParse(policies) }));
}

function sets() {
    return [
        { static: '' }, { static: plain }, { static: plain + plain }, { static: `${plain}\n${one}` }, { static: one }, { static: 'permit(' }, { static: {} }, { static: { a: plain } },
        { static: { a: plain, b: plain } }, { static: { '': plain } }, { static: { 'two words "x"\n': plain } }, { static: { a: one } }, { static: { a: plain + plain } },
        { static: { a: '' } }, { static: { a: '// nothing\n' } }, { static: { a: 'x' } }, { static: { a: {} } },
        { static: [plain] }, { static: [plain, plain] }, { static: [] }, { static: [one] }, { static: null }, { static: { a: null } },
        { static: '', templates: { t: one } }, { static: '', templates: { t: two } }, { static: '', templates: { t: plain } }, { static: '', templates: { t: one + one } }, { static: '',
            templates: { t: '' } }, { static: '', templates: { '': one } }, { static: { t: plain }, templates: { t: one } }, { static: plain, templates: { policy0: one } }, { static: plain,
            templates: { policy1: one } },
        linked({ '?principal': alice }), linked({}), linked({ '?resource': doc }), linked({ '?principal': alice, '?resource': doc }), linked({ principal: alice }), linked({ '?foo': alice }),
        linked({ '?principal': { __entity: alice } }), linked({ '?principal': 'User::"alice"' }), linked({ '?principal': { type: 'Us er', id: 'a' } }), linked({ '?principal': null }),
        linked({ '?principal': { type: 'Action', id: 'view' } }),
        linked({ '?principal': alice, '?resource': doc }, two), linked({ '?principal': alice }, two), linked({ '?resource': doc }, two), linked({}, two),
        { static: '', templates: { t: one }, links: [link('t', 't', { '?principal': alice })] }, { static: '', templates: { t: one }, links: [link('missing', 'l', { '?principal': alice })] },
        { static: '', templates: { t: one }, links: [link('t', 'l', { '?principal': alice }), link('t', 'l', { '?principal': alice })] }, { static: '', templates: { t: one },
            links: [link('t', 'l', { '?principal': alice }), link('t', 'm', { '?principal': alice })] }, { static: { l: plain }, templates: { t: one }, links: [link('t', 'l', { '?principal': alice })] },
        { static: plain, templates: { t: one }, links: [link('t', 'policy0', { '?principal': alice })] }, { static: { s: plain }, links: [link('s', 'l', {})] }, { static: { s: plain },
            links: [link('s', 'l', { '?principal': alice })] }, { static: '', templates: { t: one, u: two }, links: [link('u', 'l', { '?principal': alice, '?resource': doc }), link('t', 'm', { '?principal': alice })] },
        { static: '', templates: { t: one }, links: [link('t', '', { '?principal': alice })] }, { static: '', templates: { t: one }, links: [link('t', 'l', { '?principal': alice }), link('l', 'm', { '?principal': alice })] },
    ];
}
