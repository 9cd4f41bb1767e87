// How many independent rows of work go through a module in one turn. A turn's values stay in a CPU's
// cache, which makes products of a million rows a quarter faster, and only one turn's are in memory.

/** Rows of a product per turn. Fewer starve the threads, more leave the second-level cache. */
const ROWS = 1024

/** The divisor of `count` that brings `count` items of `rowsEach` rows closest to the rows of one turn. */
export function turnSize(count: number, rowsEach: number): number {
  let best = 1
  for (let size = 1; size <= count; size++) if (count % size === 0 && distance(size * rowsEach) < distance(best * rowsEach)) best = size
  return best
}

/** In factors, either way. */
function distance(rows: number): number {
  return Math.abs(Math.log(rows / ROWS))
}
