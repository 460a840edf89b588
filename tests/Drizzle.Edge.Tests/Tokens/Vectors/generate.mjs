import { writeFileSync } from 'node:fs';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { jwks, secret, secretBytes } from './keys.mjs';
import { audience, issuer, now, skew } from './tokens.mjs';
import { acceptedCases } from './cases/accepted.mjs';
import { algorithmCases } from './cases/algorithms.mjs';
import { claimCases } from './cases/claims.mjs';
import { formCases } from './cases/forms.mjs';
import { keyCases } from './cases/keys.mjs';
import { signatureCases } from './cases/signatures.mjs';

const lists = [acceptedCases, algorithmCases, keyCases, signatureCases, claimCases, formCases];
const cases = await Promise.all(lists.flat().map(async item => ({ ...item, token: await item.token })));

requireNamesOnce();
for (const item of cases.filter(c => c.accepted))
    await requireAcceptance(item);
writeFileSync(new URL('tokens.json', import.meta.url), document());
console.log(`${cases.filter(c => c.accepted).length} accepted, ${cases.filter(c => !c.accepted).length} refused`);

function requireNamesOnce() {
    const names = cases.map(c => c.name);
    const twice = names.filter((name, i) => names.indexOf(name) !== i);
    if (twice.length > 0)
        throw new Error(`Cases of the same name: ${twice.join(', ')}`);
}

/** jose must accept what the verifier is to accept. */
async function requireAcceptance({ name, algorithms, token, expires }) {
    const key = algorithms[0].startsWith('HS') ? secretBytes : createLocalJWKSet(jwks);
    const options = { algorithms, issuer, audience, clockTolerance: skew, currentDate: new Date(now * 1000) };
    const { payload } = await jwtVerify(token, key, options);
    if (payload.exp !== expires)
        throw new Error(`${name} expires at ${payload.exp} and not at ${expires}.`);
}

/** One key and one case a line. */
function document() {
    const lines = items => items.map(item => `\n  ${JSON.stringify(item)}`).join(',');
    const head = Object.entries({ now, issuer, audience, secret }).map(([name, value]) => `\n "${name}": ${JSON.stringify(value)},`).join('');
    return `{${head}\n "jwks": {"keys": [${lines(jwks.keys)}\n ]},\n "cases": [${lines(cases)}\n ]\n}\n`;
}
