// Mersenne Twister MT19937: the stream of 32-bit words behind torch's CPU generator. Only the words;
// turning them into numbers is random.ts. Matsumoto and Nishimura, "Mersenne Twister", 1998.

const LENGTH = 624
const MIDDLE = 397

export class MT19937 {
  readonly #state = new Uint32Array(LENGTH)
  #next = LENGTH

  /** `seed` is taken modulo 2^32. */
  constructor(seed: number) {
    const state = this.#state
    state[0] = seed
    for (let i = 1; i < LENGTH; i++) {
      const previous = state[i - 1]!
      state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i
    }
  }

  /** The next word, an integer in [0, 2^32). */
  next(): number {
    if (this.#next === LENGTH) this.#refill()
    let word = this.#state[this.#next++]!
    word ^= word >>> 11
    word ^= (word << 7) & 0x9d2c5680
    word ^= (word << 15) & 0xefc60000
    word ^= word >>> 18
    return word >>> 0
  }

  #refill(): void {
    const state = this.#state
    for (let i = 0; i < LENGTH; i++) {
      const joined = (state[i]! & 0x80000000) | (state[(i + 1) % LENGTH]! & 0x7fffffff)
      const twisted = (joined >>> 1) ^ (joined & 1 ? 0x9908b0df : 0)
      state[i] = state[(i + MIDDLE) % LENGTH]! ^ twisted
    }
    this.#next = 0
  }
}
