// A seeded generator (sfc32), so that the vectors are the same byte for byte wherever they are generated.
export class Rng {
    #a; #b; #c; #counter;

    constructor(seed) {
        [this.#a, this.#b, this.#c] = hashWords(seed);
        this.#counter = 1;
        for (let i = 0; i < 12; i++)
            this.#next();
    }

    #next() {
        const sum = (this.#a + this.#b + this.#counter++) | 0;
        this.#a = this.#b ^ (this.#b >>> 9);
        this.#b = (this.#c + (this.#c << 3)) | 0;
        this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum | 0;
        return sum >>> 0;
    }

    real() {
        return this.#next() / 2 ** 32;
    }

    /** An integer from 0 to limit - 1. */
    below(limit) {
        return Math.floor(this.real() * limit);
    }

    between(lowest, highest) {
        return lowest + this.below(highest - lowest + 1);
    }

    chance(probability) {
        return this.real() < probability;
    }

    pick(items) {
        return items[this.below(items.length)];
    }

    /** Picks from [weight, item] pairs. */
    weighted(pairs) {
        let rest = this.real() * pairs.reduce((sum, [weight]) => sum + weight, 0);
        for (const [weight, item] of pairs)
            if ((rest -= weight) < 0)
                return item;
        return pairs.at(-1)[1];
    }

    shuffled(items) {
        const copy = [...items];
        for (let i = copy.length - 1; i > 0; i--) {
            const j = this.below(i + 1);
            [copy[i], copy[j]] = [copy[j], copy[i]];
        }
        return copy;
    }

    sample(items, count) {
        return this.shuffled(items).slice(0, count);
    }

    /** Calls make the given number of times. */
    times(count, make) {
        return Array.from({ length: count }, (_, i) => make(i));
    }
}

function hashWords(text) {
    let hash = 0x811c9dc5;
    return [17, 31, 73].map(salt => {
        for (const unit of `${salt}:${text}`)
            hash = Math.imul(hash ^ unit.codePointAt(0), 0x01000193);
        return hash | 0;
    });
}
