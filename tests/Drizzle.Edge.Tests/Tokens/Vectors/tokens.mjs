import { createHmac, sign } from 'node:crypto';
import { CompactSign } from 'jose';
import { privateKey, secretBytes } from './keys.mjs';

export const now = 1893456000;
export const skew = 30;
export const issuer = 'https://issuer.example/';
export const audience = 'orders';

const keyIds = {
    RS256: 'rsa-1', RS384: 'rsa-1', RS512: 'rsa-1', PS256: 'rsa-1', PS384: 'rsa-1', PS512: 'rsa-1',
    ES256: 'ec-256', ES384: 'ec-384', ES512: 'ec-521', EdDSA: 'ed-1',
};

/** Claims that are good but for the changes; undefined takes a claim away. */
export function claims(changes = {}) {
    return { iss: issuer, aud: audience, sub: 'alice', iat: now - 60, nbf: now - 60, exp: now + 3600, ...changes };
}

/** A header that is good but for the changes; undefined takes a member away. */
export function header(alg, changes = {}) {
    return { alg, kid: keyIds[alg], typ: 'JWT', ...changes };
}

/** An object's JSON with further members as raw text before or after its own. */
export const withFirst = (members, object) => `{${members},${JSON.stringify(object).slice(1)}`;
export const withLast = (object, members) => `${JSON.stringify(object).slice(0, -1)},${members}}`;

/** A token as jose makes it. The payload is claims, text or bytes. */
export function signed(alg, payload = claims(), headerChanges = {}, key = ownKey(alg)) {
    return new CompactSign(bytesOf(payload)).setProtectedHeader(header(alg, headerChanges)).sign(key);
}

function ownKey(alg) {
    return alg in keyIds ? privateKey(keyIds[alg]) : secretBytes;
}

/** A segment of a token: an object as JSON, text or bytes. */
export function segment(content) {
    return Buffer.from(bytesOf(content)).toString('base64url');
}

function bytesOf(content) {
    const isRaw = typeof content === 'string' || content instanceof Uint8Array;
    return Buffer.from(isRaw ? content : JSON.stringify(content));
}

/** A token of segments as they are, for what jose would not sign. */
export function assembled(headerSegment, payloadSegment, signer = rs256()) {
    const input = `${headerSegment}.${payloadSegment}`;
    return `${input}.${signer(Buffer.from(input)).toString('base64url')}`;
}

export const rs256 = (kid = 'rsa-1') => input => sign('sha256', input, privateKey(kid));
export const es256 = (kid = 'ec-256', dsaEncoding = 'ieee-p1363') => input => sign('sha256', input, { key: privateKey(kid), dsaEncoding });
export const hs256 = (key = secretBytes) => input => createHmac('sha256', key).update(input).digest();

/** A token whose signature segment is rewritten as text. */
export function resigned(token, rewrite) {
    const [first, second, signature] = token.split('.');
    return `${first}.${second}.${rewrite(signature)}`;
}

/** A case that is accepted: the token is good until it expires. */
export function accepted(name, algorithms, token, why, expires = now + 3600) {
    return { name, algorithms, token, accepted: true, expires, why };
}

export function refused(name, algorithms, token, why) {
    return { name, algorithms, token, accepted: false, expires: null, why };
}
