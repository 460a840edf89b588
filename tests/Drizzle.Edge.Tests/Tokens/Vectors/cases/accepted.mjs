import { privateKey } from '../keys.mjs';
import { accepted, audience, claims, now, signed, skew, withLast } from '../tokens.mjs';

const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'HS256', 'HS384', 'HS512'];

const manyKinds = {
    scope: 'read write', roles: ['reader', 'clerk'], realm_access: { roles: ['admin'] }, azp: 'mobile',
    'https://acme.example/tier': 'gold', n: 42, ok: true, nested: { a: { b: 'c' } },
};

const unicode = { sub: 'Łukasz 🚀', name: 'Ünï 日本 e\u0301', roles: ['čtenář'], 'klíč 🔑': 'ß' };

export const acceptedCases = [
    ...algorithms.map(alg => accepted(alg, [alg], signed(alg, claims(manyKinds)), 'The algorithm is allowed and the signature is good.')),
    accepted('RS256 by a key that names the algorithm', ['RS256'], signed('RS256', claims(), { kid: 'rsa-2' }, privateKey('rsa-2')), 'The key says RS256 and is used so.'),

    ok('aud with ours among others', { aud: ['billing', audience, 'stock'] }, 'One of the audiences is ours.'),
    ok('aud with ours alone in an array', { aud: [audience] }, 'An array of one is as good as a string.'),
    accepted('expired within the skew', ['RS256'], signed('RS256', claims({ exp: now - skew + 1 })), 'The clocks may differ by the skew.', now - skew + 1),
    ok('not yet valid within the skew', { nbf: now + skew - 1 }, 'The clocks may differ by the skew.'),
    ok('no nbf', { nbf: undefined }, 'The claim is optional.'),
    ok('no iat', { iat: undefined }, 'The claim is optional.'),
    ok('neither nbf nor iat', { nbf: undefined, iat: undefined }, 'Both claims are optional.'),
    accepted('exp with a fraction of zero', ['RS256'], signed('RS256', withLast(claims({ exp: undefined }), `"exp":${now + 3600}.0`)), 'The number is an integer, however it is written.'),

    ok('unicode claims', unicode, 'Claims are any text in UTF-8.'),
    accepted('unicode claims in escapes', ['RS256'], signed('RS256', escaped(claims(unicode))), 'Escapes in JSON are as good as the characters.'),
    ok('large claims', { roles: Array.from({ length: 250 }, (_, i) => `role-number-${i}`) }, 'Four kilobytes of claims are unusual and fine.'),

    headed('typ at+jwt', 'RS256', { typ: 'at+jwt' }, 'It is the type of an access token.'),
    headed('typ absent', 'RS256', { typ: undefined }, 'The type is optional.'),
    headed('kid absent and one key fits', 'ES256', { kid: undefined }, 'Only one key is on the curve P-256.'),
    headed('unknown header parameter', 'RS256', { trace: 'abc', n: { m: [1] } }, 'What is not critical may be ignored.'),
];

function ok(name, changes, why) {
    return accepted(name, ['RS256'], signed('RS256', claims(changes)), why);
}

function headed(name, alg, changes, why) {
    return accepted(name, [alg], signed(alg, claims(), changes), why);
}

function escaped(object) {
    return JSON.stringify(object).replace(/[^\0-\x7f]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
