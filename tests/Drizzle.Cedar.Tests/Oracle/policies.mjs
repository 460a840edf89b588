import * as text from './cedarText.mjs';
import { ExpressionMaker } from './expressions.mjs';
import { Scope } from './scope.mjs';
import { ancestorTypes, environments, isMemberOf } from './schemas.mjs';
import { someEntity } from './values.mjs';

const annotations = ['@id("one")', '@note', '@if("true")', '@advice("say \\"no\\"")', '@empty("")'];

/** A random policy for one type of request, or a template when slots are wanted. */
export function makePolicy(rng, schema, environment, { mistakes, wildness = 0, narrows = 0.95, slots = [] }) {
    const head = makeHead(rng, schema, environment, mistakes, slots);
    const maker = new ExpressionMaker(rng, new Scope(schema, environment), mistakes);
    const clauses = rng.times(rng.weighted([[1.5, 0], [7, 1], [2, 2], [0.7, 3]]), () => makeClause(rng, maker, wildness));
    if (clauses.length > 0 && rng.chance(narrows) && !mistakes.make('not narrowed', 2))
        narrow(clauses, head.missing(schema, environment));
    const prefix = rng.chance(0.1) ? rng.sample(annotations, rng.between(1, 2)).join(' ') + ' ' : '';
    const effect = rng.chance(0.78) ? 'permit' : 'forbid';
    const conditions = clauses.map(({ kind, body }) => ` ${kind} { ${body.text} }`).join('');
    return `${prefix}${effect}(${head.principal}, ${head.action}, ${head.resource})${conditions};`;
}

function makeClause(rng, maker, wildness) {
    const depth = rng.weighted([[3, 1], [4, 2], [2, 3], [0.5, 4]]);
    return {
        kind: rng.chance(0.78) ? 'when' : 'unless',
        body: rng.chance(wildness) ? maker.wild(depth) : maker.bool(depth),
    };
}

// A head that admits several types of request leaves it to the first condition to tell them apart.
function narrow(clauses, tests) {
    if (tests.length === 0)
        return;
    const first = clauses.find(clause => clause.kind === 'when');
    if (first)
        first.body = [...tests, first.body].reduce((left, right) => text.infix(left, '&&', right));
    else
        clauses.unshift({ kind: 'when', body: tests.reduce((left, right) => text.infix(left, '&&', right)) });
}

function makeHead(rng, schema, { principal, action, resource }, mistakes, slots) {
    const one = entityConstraint(rng, schema, 'principal', principal, mistakes, slots.includes('?principal'));
    const two = actionConstraint(rng, schema, action, mistakes);
    const three = entityConstraint(rng, schema, 'resource', resource, mistakes, slots.includes('?resource'));
    return {
        principal: one.text, action: two.text, resource: three.text,
        missing(schema, environment) {
            const admitted = environments(schema).filter(e => two.admits(e.action) && (!one.tells || e.principal === environment.principal) && (!three.tells || e.resource === environment.resource));
            return [
                ...(admitted.every(e => e.action === action) ? [] : [text.infix(text.expression('action'), '==', text.entity(action))]),
                ...(admitted.every(e => e.principal === principal) ? [] : [text.isType(text.expression('principal'), principal)]),
                ...(admitted.every(e => e.resource === resource) ? [] : [text.isType(text.expression('resource'), resource)]),
            ];
        },
    };
}

function entityConstraint(rng, schema, variable, type, mistakes, isSlot) {
    const ancestors = [type, ...ancestorTypes(schema, type)];
    const own = mistakes.make('unknown scope type', 0.5) ? rng.pick(['Nobody', ...schema.entityTypes.keys()]) : type;
    const some = types => isSlot ? `?${variable}` : text.entity(someEntity(rng, schema, rng.pick(types))).text;
    return rng.weighted([
        [isSlot ? 0 : 4, () => ({ text: variable, tells: false })],
        [isSlot ? 0 : 5, () => ({ text: `${variable} is ${own}`, tells: true })],
        [2, () => ({ text: `${variable} == ${some([own])}`, tells: true })],
        [2, () => ({ text: `${variable} in ${some(mistakes.make('unrelated scope') ? [...schema.entityTypes.keys()] : ancestors)}`, tells: false })],
        [1.5, () => ({ text: `${variable} is ${own} in ${some(ancestors)}`, tells: true })],
    ])();
}

function actionConstraint(rng, schema, action, mistakes) {
    const known = ({ type, id }) => text.entity(mistakes.make('unknown scope action', 0.5) ? { type, id: 'nothing' } : { type, id }).text;
    const groups = schema.actions.filter(group => group !== action && isMemberOf(schema, action, group));
    const listed = rng.shuffled([action, ...rng.sample(schema.actions, rng.below(3))]);
    return rng.weighted([
        [3, () => ({ text: 'action', admits: () => true })],
        [5, () => ({ text: `action == ${known(action)}`, admits: a => a === action })],
        [2, () => ({ text: `action in [${listed.map(known).join(', ')}]`, admits: a => listed.some(l => isMemberOf(schema, a, l)) })],
        [groups.length > 0 ? 3 : 0, () => {
            const group = rng.pick(groups);
            return { text: `action in ${known(group)}`, admits: a => isMemberOf(schema, a, group) };
        }],
        [0.3, () => ({ text: `action in ${known(action)}`, admits: a => isMemberOf(schema, a, action) })],
    ])();
}
