import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

const stored = JSON.parse(readFileSync(new URL('keys.json', import.meta.url), 'utf8'));
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi'];

export const secret = stored.secret;
export const secretBytes = new TextEncoder().encode(secret);

/** The issuer's public keys. */
export const jwks = { keys: stored.keys.map(publicOf) };

/** The private key with an id, of the issuer or of an attacker. */
export function privateKey(kid) {
    return createPrivateKey({ key: jwkOf(kid), format: 'jwk' });
}

/** The public JWK with an id, of the issuer or of an attacker. */
export function publicJwk(kid) {
    return publicOf(jwkOf(kid));
}

function jwkOf(kid) {
    return [...stored.keys, ...stored.attackers].find(jwk => jwk.kid === kid);
}

function publicOf(jwk) {
    return Object.fromEntries(Object.entries(jwk).filter(([name]) => !privateMembers.includes(name)));
}
