/** Decides where a generated policy goes wrong: seldom, and at most as often as its budget says. */
export class Mistakes {
    #rng; #rate; #budget;

    constructor(rng, rate, budget = Infinity) {
        this.#rng = rng;
        this.#rate = rate;
        this.#budget = budget;
        this.made = [];
    }

    static none(rng) {
        return new Mistakes(rng, 0, 0);
    }

    make(kind, weight = 1) {
        if (this.made.length >= this.#budget || !this.#rng.chance(this.#rate * weight))
            return false;
        this.made.push(kind);
        return true;
    }
}
