import * as text from './cedarText.mjs';
import { booleanMakers } from './booleanExpressions.mjs';
import { valueMakers } from './valueExpressions.mjs';
import { literal } from './values.mjs';
import { Mistakes } from './mistakes.mjs';
import { attributesOf } from './scope.mjs';
import { Bool, Long, String, entityType, recordType, resolved, scalars, setType } from './types.mjs';

/** Makes random expressions of given types in a scope; guards go before the boolean that needs them. */
export class ExpressionMaker {
    #guards = [];

    constructor(rng, scope, mistakes) {
        this.rng = rng;
        this.scope = scope;
        this.schema = scope.schema;
        this.mistakes = mistakes;
    }

    /** A boolean expression that brings the guards it needs. */
    bool(depth) {
        return this.#withOwnGuards(() => this.of(Bool, depth));
    }

    /** Like bool, but now and then its guards are left to the enclosing expression. */
    operand(depth) {
        return this.rng.chance(0.2) ? this.of(Bool, depth) : this.bool(depth);
    }

    /** An expression of a type. */
    of(type, depth) {
        if (this.mistakes.make('wrong type', 0.5))
            return this.#make(this.someType(), depth - 1);
        return this.#parenthesized(this.#make(type, depth));
    }

    /** A path to a value of a type, or a literal when the scope has none. */
    pathOf(type) {
        return this.use(this.scope.pathsOf(type)) ?? this.#attributeOfLiteral(type) ?? this.literal(type);
    }

    use(paths) {
        if (paths.length === 0)
            return undefined;
        const path = this.rng.pick(paths);
        if (this.mistakes.make('unknown attribute', 0.4))
            return text.attribute(path.node, this.rng.pick(['missing', 'nam', 'name', 'age']));
        if (path.guards.length > 0 && !this.mistakes.make('no guard', 3))
            this.guard(...this.#guardsOf(path));
        return path.node;
    }

    guard(...conditions) {
        this.#guards.push(...conditions.filter(condition => !this.#guards.some(g => g.text === condition.text)));
    }

    literal(type) {
        if (resolved(type).kind === 'Entity' && this.mistakes.make('unknown entity'))
            return text.entity({ type: this.rng.pick(['Nobody', 'App::Nobody', resolved(type).name]), id: 'purple' });
        return literal(this.rng, this.schema, type);
    }

    /** An expression whose types fit only by chance. */
    wild(depth) {
        const usual = this.mistakes;
        this.mistakes = new Mistakes(this.rng, 0.35);
        const result = this.bool(depth);
        this.mistakes = usual;
        return result;
    }

    someType() {
        return this.rng.weighted([
            [6, () => this.rng.pick(scalars)],
            [2, () => this.someEntityType()],
            [1, () => setType(this.rng.pick([Long, String]))],
            [1, () => recordType([['a', { type: Long, required: true }]])],
        ])();
    }

    someEntityType() {
        return entityType(this.rng.pick([...this.schema.entityTypes.keys()]));
    }

    #make(type, depth) {
        const actual = resolved(type);
        const makers = actual.kind === 'Bool' ? booleanMakers : valueMakers[actual.kind];
        return this.rng.weighted(depth > 0 ? makers.nested : makers.simple)(this, actual, depth - 1);
    }

    #attributeOfLiteral(type) {
        if (!this.rng.chance(0.3))
            return undefined;
        const candidates = [...this.schema.entityTypes.keys()].flatMap(name =>
            attributesOf(this.schema, entityType(name)).filter(([, a]) => a.required && a.type === type).map(([attribute]) => ({ name, attribute })));
        if (candidates.length === 0)
            return undefined;
        const { name, attribute } = this.rng.pick(candidates);
        return text.attribute(this.literal(entityType(name)), attribute);
    }

    #guardsOf({ guards, base, names }) {
        return names.length > 1 && names.every(text.isIdentifier) && this.rng.chance(0.35) ? [text.hasAttribute(base, ...names)] : guards;
    }

    #withOwnGuards(make) {
        const outer = this.#guards;
        this.#guards = [];
        const body = make();
        const guards = this.#guards;
        this.#guards = outer;
        return guards.reduceRight((inner, guard) => this.#guarded(guard, inner), body);
    }

    #guarded(guard, body) {
        if (this.mistakes.make('useless guard', 1.5))
            return this.rng.pick([text.infix(text.prefix('!', guard), '||', body), text.infix(guard, '||', body), text.infix(body, '&&', guard), text.infix(text.prefix('!', guard), '&&', body)]);
        return this.rng.weighted([
            [8, () => text.infix(guard, '&&', body)],
            [1, () => text.conditional(guard, body, text.expression(this.rng.pick(['false', 'true'])))],
            [0.3, () => text.conditional(text.prefix('!', guard), text.expression('true'), body)],
            [0.5, () => text.infix(text.infix(text.expression('true'), '&&', guard), '&&', body)],
            [0.4, () => text.infix(text.infix(guard, '||', text.expression('false')), '&&', body)],
            [0.3, () => text.infix(text.infix(guard, '||', guard), '&&', body)],
        ])();
    }

    #parenthesized(node) {
        return this.rng.chance(0.05) ? text.expression(`(${node.text})`) : node;
    }
}
