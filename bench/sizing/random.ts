// Random numbers that are the same on every run with the same seed: mulberry32, and what the simulation draws from it.

export interface Random {
  /** In [0, 1). */
  uniform(): number
  exponential(mean: number): number
  /** Whole, at least 1. */
  geometric(mean: number): number
  /** Whole, how often something happens that happens `mean` times. */
  poisson(mean: number): number
  /** An index, by weights that need not sum to 1. */
  weighted(weights: readonly number[]): number
}

export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let word = Math.imul(state ^ (state >>> 15), state | 1)
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61)
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32
  }
  const exponential = (mean: number) => -mean * Math.log(1 - uniform())
  return {
    uniform,
    exponential,
    geometric: (mean) => 1 + (mean > 1 ? Math.floor(Math.log(1 - uniform()) / Math.log(1 - 1 / mean)) : 0),
    poisson(mean) {
      let count = -1
      for (let sum = 0; sum < mean; sum += exponential(1)) count++
      return Math.max(0, count)
    },
    weighted(weights) {
      let rest = uniform() * weights.reduce((sum, weight) => sum + weight, 0)
      for (const [index, weight] of weights.entries()) {
        rest -= weight
        if (rest < 0) return index
      }
      return weights.length - 1
    },
  }
}
