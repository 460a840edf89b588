import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { withExactJson } from './exactJson.mjs';

/** What a policy set decides for a request; undefined when the oracle refuses the input. */
export function authorize(policies, entities, request) {
    const answer = ask(cedar.isAuthorized, { ...request, policies: toPolicySet(policies), entities });
    if (answer?.type !== 'success')
        return undefined;
    const { decision, diagnostics } = answer.response;
    return {
        decision,
        reasons: [...diagnostics.reason].sort(),
        erring: sortedSet(diagnostics.errors.map(error => error.policyId)),
    };
}

/** The policies with errors and those that can never apply; undefined when the oracle refuses the input. */
export function validate(schema, policies) {
    const answer = ask(cedar.validate, { schema, policies: toPolicySet(policies), validationSettings: { mode: 'strict' } });
    if (answer?.type !== 'success')
        return undefined;
    const impossible = answer.validationWarnings.filter(warning => warning.error.message.includes('policy is impossible'));
    return {
        invalid: sortedSet(answer.validationErrors.map(error => error.policyId)),
        impossible: sortedSet(impossible.map(warning => warning.policyId)),
    };
}

export function policyToJson(text) {
    return resultOf(ask(cedar.policyToJson, text), 'json');
}

export function templateToJson(text) {
    return resultOf(ask(cedar.templateToJson, text), 'json');
}

export function schemaToJson(schema) {
    return resultOf(ask(cedar.schemaToJson, schema), 'json');
}

/** The schema, which must be a valid one. */
export function acceptedSchema(schema) {
    if (!schemaParses(schema))
        throw new Error(`The oracle refuses the schema ${JSON.stringify(schema)}`);
    return schema;
}

export function schemaParses(schema) {
    return ask(cedar.checkParseSchema, schema)?.type === 'success';
}

export function policiesParse(policies) {
    return ask(cedar.checkParsePolicySet, toPolicySet(policies))?.type === 'success';
}

export function entitiesParse(entities, schema) {
    return ask(cedar.checkParseEntities, { entities, schema })?.type === 'success';
}

/** Whether a request is accepted under a schema, its context and entities' types included. */
export function requestIsValid(schema, request) {
    const call = { ...request, schema, validateRequest: true, policies: { staticPolicies: '' }, entities: [] };
    return ask(cedar.isAuthorized, call)?.type === 'success';
}

function toPolicySet({ static: staticPolicies = '', templates = {}, links = [] }) {
    return {
        staticPolicies,
        templates,
        templateLinks: links.map(({ template, id, values }) => ({ templateId: template, newId: id, values })),
    };
}

// What does not even deserialize is thrown, what does not parse is returned: both are a refusal.
function ask(operation, input) {
    try {
        return withExactJson(() => operation(input));
    } catch (error) {
        if (error instanceof WebAssembly.RuntimeError)
            throw error;
        return undefined;
    }
}

function resultOf(answer, property) {
    return answer?.type === 'success' ? answer[property] : undefined;
}

function sortedSet(items) {
    return [...new Set(items)].sort();
}
