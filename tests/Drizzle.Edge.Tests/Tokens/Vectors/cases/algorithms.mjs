import { createPublicKey } from 'node:crypto';
import { privateKey, publicJwk } from '../keys.mjs';
import { assembled, claims, header, hs256, refused, rs256, segment, signed } from '../tokens.mjs';

const noSignature = () => Buffer.alloc(0);
const publicKey = createPublicKey(privateKey('rsa-1'));
const pem = publicKey.export({ format: 'pem', type: 'spki' });

// What an attacker can know of the issuer's key, and a careless verifier would take for a secret.
const publicTexts = {
    'PEM': pem,
    'PEM without the last newline': pem.trimEnd(),
    'PEM with CRLF': pem.replaceAll('\n', '\r\n'),
    'PEM of PKCS #1': publicKey.export({ format: 'pem', type: 'pkcs1' }),
    'DER': publicKey.export({ format: 'der', type: 'spki' }),
    'JWK': JSON.stringify(publicJwk('rsa-1')),
    'modulus in base64url': publicJwk('rsa-1').n,
    'modulus in bytes': Buffer.from(publicJwk('rsa-1').n, 'base64url'),
};

export const algorithmCases = [
    ...['none', 'None', 'NONE', 'nOnE'].flatMap(alg => [
        refused(`alg ${alg}`, ['RS256'], withAlg(alg, noSignature), 'The token is not signed.'),
        refused(`alg ${alg} with a signature`, ['RS256'], withAlg(alg, rs256()), 'The header says that the token is not signed.'),
    ]),
    refused('alg none where a secret is shared', ['HS256'], withAlg('none', noSignature), 'The token is not signed.'),
    refused('alg absent', ['RS256'], withAlg(undefined, rs256()), 'The header must say the algorithm.'),
    refused('alg in lower case', ['RS256'], withAlg('rs256', rs256()), 'Names of algorithms are case-sensitive.'),
    refused('alg in an array', ['RS256'], withAlg(['RS256'], rs256()), 'The algorithm must be a string.'),

    ...Object.entries(publicTexts).map(([name, text]) =>
        refused(`HS256 with the public key as secret, ${name}`, ['RS256'], signed('HS256', claims(), { kid: 'rsa-1' }, Buffer.from(text)), 'A public key is no secret.')),
    refused('HS256 with an empty secret', ['HS256'], assembled(segment(header('HS256')), segment(claims()), hs256('')), 'Anybody can sign with an empty secret.'),

    refused('HS256 at an issuer of RS256', ['RS256'], signed('HS256'), 'The issuer does not allow the algorithm.'),
    refused('RS256 at an issuer of HS256', ['HS256'], signed('RS256'), 'The issuer does not allow the algorithm.'),
    refused('RS256 at an issuer of ES256', ['ES256'], signed('RS256'), 'The issuer does not allow the algorithm.'),
    refused('PS256 at an issuer of RS256', ['RS256'], signed('PS256'), 'The issuer does not allow the algorithm.'),
    refused('RS512 at an issuer of RS256', ['RS256'], signed('RS512'), 'The issuer does not allow the algorithm.'),
    refused('EdDSA at an issuer of RS256', ['RS256'], signed('EdDSA'), 'The issuer does not allow the algorithm.'),
];

function withAlg(alg, signer) {
    return assembled(segment(header(alg, { kid: 'rsa-1' })), segment(claims()), signer);
}
