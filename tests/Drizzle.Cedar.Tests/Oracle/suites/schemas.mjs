import { schemaParses, schemaToJson } from '../oracle.mjs';
import { tokensOf } from '../policyText.mjs';
import { documents, texts } from '../schemaCorners.mjs';
import { schemaJson, schemaText } from '../schemaRendering.mjs';
import { makeSchema } from '../schemas.mjs';

/** Schemas alone, as text and as JSON; a text that parses comes with the oracle's JSON of it. */
export function schemaVectors(rng) {
    const generated = rng.times(50, () => schemaText(makeSchema(rng, { small: true }), rng));
    const schemas = [
        ...new Set([...texts, ...generated, ...generated.map(text => damaged(rng, text))]),
        ...documents,
        ...rng.times(30, () => schemaJson(makeSchema(rng, { small: true }), rng)),
    ];
    return schemas.map((schema, n) => ({ n, ...judged(schema) }));
}

function judged(schema) {
    const ok = schemaParses(schema);
    return { schema, ok, ...(ok && typeof schema === 'string' ? { json: schemaToJson(schema) } : {}) };
}

/** One token is dropped, doubled or replaced by another of the same schema. */
function damaged(rng, text) {
    const tokens = tokensOf(text), i = rng.below(tokens.length);
    tokens.splice(i, 1, ...rng.pick([[], [tokens[i], tokens[i]], [rng.pick(tokens)], [rng.pick(tokens.filter(token => /^\w+$/.test(token)))]]));
    return tokens.join(' ');
}
