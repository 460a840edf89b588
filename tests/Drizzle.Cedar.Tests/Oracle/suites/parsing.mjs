import { conditions, heads, policies } from '../parsingCorners.mjs';
import { policyToJson, templateToJson } from '../oracle.mjs';
import { Mistakes } from '../mistakes.mjs';
import { makePolicy } from '../policies.mjs';
import { tokensOf } from '../policyText.mjs';
import { environments, makeSchema } from '../schemas.mjs';

/** Single policies and templates as text, with their JSON when they parse. */
export function parsingVectors(rng) {
    const generated = rng.times(120, () => generatedPolicy(rng));
    const texts = new Set([
        ...policies,
        ...heads.map(head => `permit(${head});`),
        ...conditions.map(condition => `permit(principal, action, resource) when { ${condition} };`),
        ...generated,
        ...generated.map(text => respaced(rng, text)),
        ...generated.flatMap(text => [damaged(rng, text), damaged(rng, text)]),
    ]);
    return [...texts].map(parsed);
}

function parsed(text) {
    const json = policyToJson(text) ?? templateToJson(text);
    return json ? { text, ok: true, json } : { text, ok: false };
}

function generatedPolicy(rng) {
    const schema = makeSchema(rng, { small: true });
    const slots = rng.chance(0.2) ? [rng.pick(['?principal', '?resource'])] : [];
    return makePolicy(rng, schema, rng.pick(environments(schema)), { mistakes: new Mistakes(rng, 0.03), wildness: 0.1, narrows: 0.3, slots });
}

/** The same tokens with other white space and comments between them. */
function respaced(rng, text) {
    return tokensOf(text).map(token => token + rng.weighted([[6, ' '], [1, '\n'], [1, '\t'], [0.7, ' // note\n'], [0.3, '//\r\n'], [1, '  ']])).join('');
}

/** One token is dropped, doubled, swapped with the next or replaced. */
function damaged(rng, text) {
    const tokens = tokensOf(text), i = rng.below(tokens.length);
    const replacement = rng.weighted([
        [3, () => []],
        [2, () => [tokens[i], tokens[i]]],
        [2, () => [tokens[i], ',']],
        [3, () => [rng.pick(tokens)]],
        [3, () => [rng.pick(['==', 'in', 'has', 'like', 'is', '&&', '-', '!', '(', ')', '[', ']', '{', '}', ';', ',', '.', '::', 'if', 'true', '1', '"x"', '?principal', 'principal', '/', '%', '@', '\'', '"'])]],
    ])();
    tokens.splice(i, 1, ...replacement);
    return tokens.join(rng.chance(0.5) ? ' ' : '').replace(/\b(in|is|has|like|then|else|if|when|unless)(?=\w)/g, '$1 ');
}
