import { audience, claims, issuer, now, refused, signed, skew, withFirst, withLast } from '../tokens.mjs';

const past = now - 3600, future = now + 3600;

export const claimCases = [
    no('expired an hour ago', { exp: past }, 'The token has expired.'),
    no('expired just past the skew', { exp: now - skew - 1 }, 'The token has expired, with the skew too.'),
    no('expired exactly by the skew', { exp: now - skew }, 'A token is good only while now < exp + skew.'),
    no('exp absent', { exp: undefined }, 'A token must expire.'),
    no('exp is a string', { exp: String(future) }, 'The time must be a number.'),
    no('exp is null', { exp: null }, 'The time must be a number.'),
    no('exp is negative', { exp: -1 }, 'The token has expired.'),
    raw('exp is 1e400', 'exp', '1e400', 'The number is beyond every time.'),
    raw('exp is 10^30', 'exp', `1${'0'.repeat(30)}`, 'The number is beyond every time.'),
    no('nbf just past the skew', { nbf: now + skew + 1 }, 'The token is not yet good, with the skew too.'),
    no('nbf is a string', { nbf: String(now - 60) }, 'The time must be a number.'),

    no('iss of another', { iss: 'https://evil.example/' }, 'The issuer is another.'),
    no('iss without its last slash', { iss: issuer.slice(0, -1) }, 'Issuers are compared character by character.'),
    no('iss in upper case', { iss: issuer.toUpperCase() }, 'Issuers are compared character by character.'),
    no('iss is an array', { iss: [issuer] }, 'The issuer must be a string.'),
    no('iss absent', { iss: undefined }, 'The token must say its issuer.'),

    no('aud of another', { aud: 'billing' }, 'The token is for another.'),
    no('aud in upper case', { aud: audience.toUpperCase() }, 'Audiences are compared character by character.'),
    no('aud array without ours', { aud: ['billing', 'stock'] }, 'The token is for others.'),
    no('aud array empty', { aud: [] }, 'The token is for nobody.'),
    no('aud array in an array', { aud: [[audience]] }, 'An audience must be a string.'),
    no('aud is a number', { aud: 7 }, 'The audience must be a string or strings.'),
    no('aud absent', { aud: undefined }, 'The token must say whom it is for.'),

    no('sub absent', { sub: undefined }, 'The token must say whose it is.'),
    no('sub empty', { sub: '' }, 'The subject is nobody.'),
    no('sub is a number', { sub: 7 }, 'The subject must be a string.'),
    no('sub of 300 characters', { sub: 'a'.repeat(300) }, 'The subject is too long.'),

    ...twice('iss', '"iss"', 'https://evil.example/'),
    ...twice('aud', '"aud"', 'billing'),
    ...twice('exp', '"exp"', past),
    ...twice('sub', '"sub"', 'mallory'),
    ...twice('exp in an escape', '"ex\\u0070"', past),
    ...twice('sub in an escape', '"\\u0073ub"', 'mallory'),
];

function no(name, changes, why) {
    return refused(name, ['RS256'], signed('RS256', claims(changes)), why);
}

function raw(name, claim, text, why) {
    return refused(name, ['RS256'], signed('RS256', withLast(claims({ [claim]: undefined }), `"${claim}":${text}`)), why);
}

/** The claim twice: the other value first, which parsers that take the first see, or last. */
function twice(name, quotedName, value) {
    const member = `${quotedName}:${JSON.stringify(value)}`;
    const why = 'Parsers differ on which of two claims counts.';
    return [
        refused(`two claims, the other first: ${name}`, ['RS256'], signed('RS256', withFirst(member, claims())), why),
        refused(`two claims, the other last: ${name}`, ['RS256'], signed('RS256', withLast(claims(), member)), why),
    ];
}
