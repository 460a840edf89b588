import { authorize } from './oracle.mjs';

const batchSize = 200;

/** Evaluates expressions as the conditions of permits: each is true, false or "error". */
export function evaluateAll(expressions, request, entities = []) {
    const unique = [...new Set(expressions)];
    const batches = Array.from({ length: Math.ceil(unique.length / batchSize) }, (_, i) => unique.slice(i * batchSize, (i + 1) * batchSize));
    return batches.flatMap(batch => evaluateBatch(batch, request, entities));
}

function evaluateBatch(expressions, request, entities) {
    const policies = expressions.map(expr => `permit(principal, action, resource) when { ${expr} };`);
    const answer = authorize({ static: policies.join('\n') }, entities, request);
    if (!answer)
        throw new Error(`Does not parse: ${expressions.find((_, i) => !authorize({ static: policies[i] }, entities, request))}`);
    const reasons = new Set(answer.reasons), erring = new Set(answer.erring);
    return expressions.map((expr, i) => ({ expr, value: erring.has(`policy${i}`) ? 'error' : reasons.has(`policy${i}`) }));
}
