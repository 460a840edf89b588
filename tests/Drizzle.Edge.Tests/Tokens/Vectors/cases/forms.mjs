import { CompactEncrypt } from 'jose';
import { createPublicKey } from 'node:crypto';
import { privateKey, secretBytes } from '../keys.mjs';
import { assembled, claims, header, refused, resigned, segment, signed, withFirst, withLast } from '../tokens.mjs';

const goodHeader = segment(header('RS256'));
const goodPayload = segment(claims());
const good = assembled(goodHeader, goodPayload);
const [, , goodSignature] = good.split('.');
const mark = Buffer.from([0xef, 0xbb, 0xbf]);

export const formCases = [
    form('one part', goodHeader, 'A token has three parts.'),
    form('two parts', `${goodHeader}.${goodPayload}`, 'A token has three parts.'),
    form('four parts', `${good}.${goodSignature}`, 'A token has three parts.'),
    form('a dot at the end', `${good}.`, 'A token has three parts.'),
    form('encrypted to the RSA key', encrypted({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: 'rsa-1' }, createPublicKey(privateKey('rsa-1'))), 'An encrypted token is not signed.'),
    refused('encrypted with the secret', ['HS256'], encrypted({ alg: 'dir', enc: 'A256CBC-HS512' }, secretBytes), 'An encrypted token is not a signed one.'),
    form('nested token as text', signed('RS256', good, { cty: 'JWT' }), 'The payload is a token and not claims.'),
    form('nested token as a JSON string', signed('RS256', JSON.stringify(good), { cty: 'JWT' }), 'The payload is a token and not claims.'),
    form('oversize', signed('RS256', claims({ note: 'a'.repeat(53_000) })), 'Seventy kilobytes are too much, though the signature is good.'),

    payload('payload not JSON', 'alice', 'Claims are a JSON object.'),
    payload('payload a JSON array', [claims()], 'Claims are a JSON object.'),
    payload('payload a JSON string', '"alice"', 'Claims are a JSON object.'),
    payload('payload empty', '', 'Claims are a JSON object.'),
    payload('payload with text behind it', `${JSON.stringify(claims())}{}`, 'Claims are one JSON object.'),
    payload('byte order mark before the payload', Buffer.concat([mark, Buffer.from(JSON.stringify(claims()))]), 'JSON must not begin with a mark.'),
    payload('invalid UTF-8 in the payload', Buffer.from(JSON.stringify(claims({ name: '\xff' })), 'latin1'), 'The payload must be UTF-8.'),
    payload('comment in the payload', withFirst('/* a comment */"note":1', claims()), 'JSON has no comments.'),
    payload('trailing comma in the payload', `${JSON.stringify(claims()).slice(0, -1)},}`, 'JSON has no trailing commas.'),
    payload('arrays in arrays', withLast(claims(), `"deep":${'['.repeat(200)}${']'.repeat(200)}`), 'Two hundred levels are too deep.'),
    payload('objects in objects', withLast(claims(), `"deep":${'{"a":'.repeat(200)}1${'}'.repeat(200)}`), 'Two hundred levels are too deep.'),

    headed('header not JSON', 'RS256', 'The header is a JSON object.'),
    headed('header a JSON array', [header('RS256')], 'The header is a JSON object.'),
    headed('header empty', '', 'The header is a JSON object.'),
    headed('two alg, none first', withFirst('"alg":"none"', header('RS256')), 'Parsers differ on which of two members counts.'),
    headed('two alg, none last', withLast(header('RS256'), '"alg":"none"'), 'Parsers differ on which of two members counts.'),
    headed('two alg, one in an escape', withLast(header('RS256'), '"al\\u0067":"RS256"'), 'A name that is escaped is the same name.'),
    headed('two kid, another first', withFirst('"kid":"rsa-2"', header('RS256')), 'Parsers differ on which of two members counts.'),
    headed('two kid, another last', withLast(header('RS256'), '"kid":"rsa-2"'), 'Parsers differ on which of two members counts.'),
    headed('crit with exp', header('RS256', { crit: ['exp'], exp: 1 }), 'What is critical must be understood.'),
    headed('crit with an unknown parameter', header('RS256', { crit: ['bound'], bound: true }), 'What is critical must be understood.'),
    headed('crit with b64', header('RS256', { crit: ['b64'], b64: false }), 'What is critical must be understood.'),
    form('crit with b64 and a payload not encoded', assembled(segment(header('RS256', { crit: ['b64'], b64: false })), withoutDots(claims())), 'The payload must be encoded.'),

    form('padded payload', assembled(goodHeader, padded(claims())), 'Base64url in tokens has no padding.'),
    form('padded signature', resigned(good, text => `${text}==`), 'Base64url in tokens has no padding.'),
    form('payload in the standard alphabet', assembled(goodHeader, standard(segment(claims({ note: '???>>>' })))), 'Base64url has - and _ for + and /.'),
    form('signature in the standard alphabet', resigned(good, standard), 'Base64url has - and _ for + and /.'),
    form('space in the payload', assembled(goodHeader, goodPayload.replace(/^.{20}/, '$& ')), 'Base64url has no white space.'),
    form('space in the signature', resigned(good, text => text.replace(/^.{20}/, '$& ')), 'Base64url has no white space.'),
    form('newline in the header', assembled(goodHeader.replace(/^.{20}/, '$&\n'), goodPayload), 'Base64url has no white space.'),
    form('newline at the end of the payload', assembled(goodHeader, `${goodPayload}\n`), 'Base64url has no white space.'),
];

function form(name, token, why) {
    return refused(name, ['RS256'], token, why);
}

function payload(name, content, why) {
    return form(name, signed('RS256', content), why);
}

function headed(name, content, why) {
    return form(name, assembled(segment(content), goodPayload), why);
}

function encrypted(protectedHeader, key) {
    return new CompactEncrypt(Buffer.from(JSON.stringify(claims()))).setProtectedHeader(protectedHeader).encrypt(key);
}

/** JSON that can stand in a token as it is. */
function withoutDots(object) {
    return JSON.stringify(object).replaceAll('.', '\\u002e');
}

/** A segment of claims whose length makes padding necessary. */
function padded(object) {
    const texts = ['', ' '].map(space => Buffer.from(JSON.stringify(object) + space).toString('base64'));
    return texts.find(text => text.endsWith('='));
}

function standard(text) {
    const other = text.replaceAll('-', '+').replaceAll('_', '/');
    if (other === text)
        throw new Error('The text is the same in both alphabets.');
    return other;
}
