import { assembled, claims, es256, header, hs256, refused, resigned, rs256, segment } from '../tokens.mjs';

const signers = { RS256: rs256(), ES256: es256(), HS256: hs256() };
const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
const zero = Buffer.alloc(32);

// Every signature must have 1 <= r, s < n; with zeros the equation of a careless verifier holds for any text.
const impossible = {
    'r and s of zero': () => Buffer.concat([zero, zero]),
    'r of zero': ([, s]) => Buffer.concat([zero, s]),
    's of zero': ([r]) => Buffer.concat([r, zero]),
    'r of n': ([, s]) => Buffer.concat([order, s]),
    's of n': ([r]) => Buffer.concat([r, order]),
    'r and s of n': () => Buffer.concat([order, order]),
};

export const signatureCases = [
    ...everywhere('empty signature', () => Buffer.alloc(0), 'The token is not signed.'),
    ...everywhere('truncated signature', signature => signature.subarray(0, -1), 'The signature lacks its last byte.'),
    ...everywhere('half a signature', signature => signature.subarray(0, signature.length / 2), 'Half a signature is none.'),
    ...everywhere('flipped bit in the signature', flipped, 'The signature is another.'),
    ...everywhere('a byte after the signature', signature => Buffer.concat([signature, Buffer.of(0)]), 'The signature is too long.'),

    ...Object.keys(signers).flatMap(alg => [
        refused(`${alg}, flipped bit in the header`, [alg], forged(alg, header(alg, { note: 'b' }), claims(), header(alg, { note: 'c' }), claims()), 'The signature is of another header.'),
        refused(`${alg}, flipped bit in the payload`, [alg], forged(alg, header(alg), claims(), header(alg), claims({ sub: 'alicd' })), 'The signature is of another payload.'),
    ]),

    ...Object.entries(impossible).map(([name, make]) =>
        refused(`ES256, ${name}`, ['ES256'], withSignature('ES256', signature => make([signature.subarray(0, 32), signature.subarray(32)])), 'No signature has such numbers.')),
    refused('ES384, r and s of zero', ['ES384'], assembled(segment(header('ES384')), segment(claims()), () => Buffer.alloc(96)), 'No signature has such numbers.'),
    refused('ES512, r and s of zero', ['ES512'], assembled(segment(header('ES512')), segment(claims()), () => Buffer.alloc(132)), 'No signature has such numbers.'),
    refused('ES256, signature in DER', ['ES256'], assembled(segment(header('ES256')), segment(claims()), es256('ec-256', 'der')), 'The signature must be r and s side by side.'),
    refused('RS256, signature of zeros', ['RS256'], withSignature('RS256', signature => Buffer.alloc(signature.length)), 'The signature is not of the key.'),

    ...Object.keys(signers).map(alg =>
        refused(`${alg}, signature with unused bits set`, [alg], resigned(withSignature(alg), unusedBitsSet), 'The text is not the canonical one of its bytes.')),
];

function everywhere(name, change, why) {
    return Object.keys(signers).map(alg => refused(`${alg}, ${name}`, [alg], withSignature(alg, change), why));
}

function withSignature(alg, change = signature => signature) {
    return assembled(segment(header(alg)), segment(claims()), input => change(signers[alg](input)));
}

/** The second token with the signature of the first. */
function forged(alg, goodHeader, goodClaims, otherHeader, otherClaims) {
    const signature = signers[alg](Buffer.from(`${segment(goodHeader)}.${segment(goodClaims)}`));
    return assembled(segment(otherHeader), segment(otherClaims), () => signature);
}

function flipped(signature) {
    const copy = Buffer.from(signature);
    copy[signature.length >> 1] ^= 1;
    return copy;
}

/** Other text for the same bytes: what the last character says beyond them must be zeros, and is not. */
function unusedBitsSet(text) {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const other = text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1)) + 1];
    if (!Buffer.from(other, 'base64url').equals(Buffer.from(text, 'base64url')))
        throw new Error('The change of the last character changes bytes.');
    return other;
}
