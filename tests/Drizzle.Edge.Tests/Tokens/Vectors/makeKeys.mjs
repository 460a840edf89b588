// Makes new keys, which changes every token. The certificate of the attacker needs openssl.
import { execFileSync } from 'node:child_process';
import { X509Certificate, createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';

const rsa = modulusLength => generateKeyPairSync('rsa', { modulusLength }).privateKey;
const ec = namedCurve => generateKeyPairSync('ec', { namedCurve }).privateKey;
const ed25519 = () => generateKeyPairSync('ed25519').privateKey;
const jwk = (kid, key, more = {}) => ({ kid, ...more, ...key.export({ format: 'jwk' }) });

const keys = [
    jwk('rsa-1', rsa(2048)),
    jwk('rsa-2', rsa(3072), { alg: 'RS256' }),
    jwk('ec-256', ec('P-256')),
    jwk('ec-384', ec('P-384')),
    jwk('ec-521', ec('P-521')),
    jwk('ed-1', ed25519()),
    jwk('enc-1', rsa(2048), { use: 'enc' }),
];

const attacker = keyWithCertificate();
const attackers = [
    jwk('attacker-rsa', attacker.key, { x5c: [attacker.certificate] }),
    jwk('attacker-ec', ec('P-256')),
];

function keyWithCertificate() {
    const request = 'req -x509 -newkey rsa:2048 -nodes -subj /CN=issuer.example -days 7300 -keyout - -out -'.split(' ');
    const pem = execFileSync('openssl', request, { stdio: ['ignore', 'pipe', 'ignore'] });
    return { key: createPrivateKey(pem), certificate: new X509Certificate(pem).raw.toString('base64') };
}

const secret = randomBytes(48).toString('base64url');
writeFileSync(new URL('keys.json', import.meta.url), JSON.stringify({ secret, keys, attackers }, null, 1) + '\n');
