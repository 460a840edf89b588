import { copyOf, isPlainObject } from './exactJson.mjs';

const strays = [null, true, 1, -1, 1.5, 1e3, 'a', '', [], {}, [1], [1, 'a'], { a: 1 }, { __entity: { type: 'User', id: 'a' } }, { __entity: { type: 'User' } }, { type: 'User', id: 'a' }, { __extn: { fn: 'ip', arg: '1.2.3.4' } }, { __extn: { fn: 'ip', arg: 'x' } }, { __extn: { fn: 'decimal', arg: '1.0' } }, { fn: 'decimal', arg: '1.0' }, '1.0', '10.0.0.1', '2024-01-01', '1h', 9223372036854775807n, -9223372036854775808n, 9223372036854775808n];

/** JSON with one value replaced, removed, added or renamed somewhere in it. */
export function withJsonFault(rng, json) {
    const holder = { root: copyOf(json) };
    const places = placesIn(holder).filter(({ owner }) => owner !== holder);
    if (places.length === 0)
        return json;
    const { owner, key } = rng.pick(places);
    rng.weighted([
        [4, () => { owner[key] = rng.pick(strays); }],
        [2, () => Array.isArray(owner) ? owner.splice(key, 1) : delete owner[key]],
        [2, () => Array.isArray(owner) ? owner.push(owner[key]) : Object.assign(owner, { [rng.pick(['extra', 'name', 'age', 'type', 'attrs'])]: rng.pick(strays) })],
        [1, () => { const value = owner[key]; delete owner[key]; owner[Array.isArray(owner) ? key : `${key}x`] = value; }],
        [1, () => { owner[key] = typeof owner[key] === 'string' ? `${owner[key]}x` : [owner[key]]; }],
    ])();
    return holder.root;
}

function placesIn(owner) {
    return Object.keys(owner).flatMap(key => {
        const value = owner[key];
        return [{ owner, key }, ...(Array.isArray(value) || isPlainObject(value) ? placesIn(value) : [])];
    });
}
