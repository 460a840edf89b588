import { privateKey, publicJwk } from '../keys.mjs';
import { assembled, claims, es256, header, hs256, refused, segment, signed } from '../tokens.mjs';

const { x5c, ...attackerJwk } = publicJwk('attacker-rsa');
const evilUrl = 'https://evil.example/jwks.json';
const unknownKids = {
    'a path': '../../../../dev/null',
    'an absolute path': '/etc/passwd',
    'a file URL': 'file:///dev/null',
    'SQL': "' OR 1=1--",
    'a NUL at the end': 'rsa-1\0',
    'upper case': 'RSA-1',
    'a space in front': ' rsa-1',
    'a space at the end': 'rsa-1 ',
    '10 kB of text': 'a'.repeat(10_000),
};

export const keyCases = [
    ...injected('jwk', { jwk: attackerJwk }),
    ...injected('jku', { jku: evilUrl }),
    ...injected('x5u', { x5u: evilUrl }),
    ...injected('x5c', { x5c }),
    refused('jwk in the header and one key fits', ['ES256'],
        signed('ES256', claims(), { kid: undefined, jwk: publicJwk('attacker-ec') }, privateKey('attacker-ec')), 'The attacker brings the key.'),
    refused("the attacker's signature", ['RS256'], signed('RS256', claims(), {}, privateKey('attacker-rsa')), 'The signature is not of the key that the token names.'),
    refused("another key's signature", ['RS256'], signed('RS256', claims(), {}, privateKey('rsa-2')), 'The signature is not of the key that the token names.'),

    ...Object.entries(unknownKids).map(([name, kid]) => refused(`kid is ${name}`, ['RS256'], signed('RS256', claims(), { kid }), 'No key has this id, though the signature is good.')),
    refused('kid is a path and the secret empty', ['HS256'],
        assembled(segment(header('HS256', { kid: '../../../../dev/null' })), segment(claims()), hs256('')), 'The id of a key is not the name of a file.'),
    refused('kid is a number', ['ES256'], signed('ES256', claims(), { kid: 1 }), 'The id of a key must be a string, though only one key fits.'),
    refused('kid is an array', ['ES256'], signed('ES256', claims(), { kid: ['ec-256'] }), 'The id of a key must be a string, though only one key fits.'),
    refused("kid is empty and the key the attacker's", ['ES256'], signed('ES256', claims(), { kid: '' }, privateKey('attacker-ec')), 'The signature is of no key of the issuer.'),

    refused('key for encryption', ['RS256'], signed('RS256', claims(), { kid: 'enc-1' }, privateKey('enc-1')), 'The key is not for signatures.'),
    refused('key for another algorithm', ['RS512'], signed('RS512', claims(), { kid: 'rsa-2' }, privateKey('rsa-2')), 'The key is for RS256 alone.'),
    refused('key of another type', ['ES256'], assembled(segment(header('ES256', { kid: 'rsa-1' })), segment(claims()), es256()), 'The key that the token names is of RSA.'),
    refused('ES256 by a key on P-384', ['ES256'], assembled(segment(header('ES256', { kid: 'ec-384' })), segment(claims()), es256('ec-384')), 'ES256 is on the curve P-256 alone.'),
    refused('ES256 by a key on P-384 under the id of another', ['ES256'], assembled(segment(header('ES256')), segment(claims()), es256('ec-384')), 'The signature is of another key.'),
];

/** The attacker's signature with a hint in the header where to find the attacker's key. */
function injected(name, hint) {
    const kids = { 'under a good kid': 'rsa-1', 'without kid': undefined, "under the attacker's kid": 'attacker-rsa' };
    return Object.entries(kids).map(([how, kid]) =>
        refused(`${name} in the header ${how}`, ['RS256'], signed('RS256', claims(), { ...hint, kid }, privateKey('attacker-rsa')), 'The attacker brings the key.'));
}
