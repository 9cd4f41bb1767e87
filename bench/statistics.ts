// The few statistics a benchmark needs. Medians rather than means: a neighbour's burst of work
// lengthens some steps and must not move the result.

/** Median; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2
}

/** How far `actual` is from `expected`: largest error over the standard deviation, and RMS error over RMS. */
export function disagreement(actual: ArrayLike<number>, expected: ArrayLike<number>): { maxOverStd: number; relative: number } {
  const count = expected.length
  if (actual.length !== count) throw new RangeError(`outputs have ${actual.length} and ${count} elements`)
  let sum = 0
  let squares = 0
  let errors = 0
  let largest = 0
  for (let i = 0; i < count; i++) {
    const value = expected[i] ?? 0
    const error = Math.abs((actual[i] ?? 0) - value)
    sum += value
    squares += value * value
    errors += error * error
    largest = Number.isNaN(error) ? error : Math.max(largest, error)
  }
  const std = Math.sqrt(squares / count - (sum / count) ** 2)
  return { maxOverStd: largest / std, relative: Math.sqrt(errors / squares) }
}
