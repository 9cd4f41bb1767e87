// ONNX Runtime's CPU arena as far as its size goes: which pages a sequence of allocations touches. It
// takes regions from the system that grow by doubling, hands out the smallest free chunk that is large
// enough, and never gives a region back. onnxruntime/core/framework/bfc_arena.cc.

const MEBIBYTE = 2 ** 20
const GRAIN = 256
const FIRST_REGION = MEBIBYTE
const LARGEST_REGION = 1024 * MEBIBYTE
/** A chunk is split when this much of it, or half of it, would lie idle. */
const IDLE_LIMIT = 128 * MEBIBYTE

interface Region {
  /** Bytes from its start that were ever in use: the system provides pages when they are written. */
  touched: number
}

export interface Chunk {
  readonly region: Region
  readonly start: number
  size: number
  /** Of it that is in use, at most. */
  requested: number
  free: boolean
  before: Chunk | undefined
  after: Chunk | undefined
}

export interface Arena {
  allocate(bytes: number): Chunk
  free(chunk: Chunk): void
  /** Bytes in use. */
  readonly used: number
  /** Bytes of memory that are in the process so far. */
  readonly resident: number
}

export function createArena(): Arena {
  const regions: Region[] = []
  const free = new Set<Chunk>()
  let next = FIRST_REGION
  let used = 0
  const extend = (bytes: number): Chunk => {
    const grown = next < bytes
    while (next < bytes) next *= 2
    const chunk = { region: { touched: 0 }, start: 0, size: next, requested: 0, free: true, before: undefined, after: undefined }
    if (!grown) next = Math.min(2 * next, Math.max(next, LARGEST_REGION))
    regions.push(chunk.region)
    return chunk
  }
  return {
    allocate: (bytes) => {
      const size = Math.max(GRAIN, Math.ceil(bytes / GRAIN) * GRAIN)
      const chunk = smallest(free, size) ?? extend(size)
      free.delete(chunk)
      chunk.free = false
      chunk.requested = size
      used += size
      if (chunk.size >= 2 * size || chunk.size - size >= IDLE_LIMIT) free.add(splitOff(chunk, size))
      chunk.region.touched = Math.max(chunk.region.touched, chunk.start + size)
      return chunk
    },
    free: (chunk) => {
      used -= chunk.requested
      let whole = chunk
      whole.free = true
      if (whole.after?.free) whole = join(whole, whole.after, free)
      if (whole.before?.free) whole = join(whole.before, whole, free)
      free.add(whole)
    },
    get used() {
      return used
    },
    get resident() {
      return regions.reduce((sum, { touched }) => sum + touched, 0)
    },
  }
}

function smallest(free: ReadonlySet<Chunk>, size: number): Chunk | undefined {
  let best: Chunk | undefined
  for (const chunk of free) if (chunk.size >= size && (best === undefined || chunk.size < best.size)) best = chunk
  return best
}

/** Shortens a chunk to `size` and returns the rest. */
function splitOff(chunk: Chunk, size: number): Chunk {
  const { region, start, after } = chunk
  const rest: Chunk = { region, start: start + size, size: chunk.size - size, requested: 0, free: true, before: chunk, after }
  if (after) after.before = rest
  chunk.after = rest
  chunk.size = size
  return rest
}

/** The first of two neighbours, with the second one's bytes. */
function join(first: Chunk, second: Chunk, free: Set<Chunk>): Chunk {
  free.delete(second)
  first.size += second.size
  first.after = second.after
  if (second.after) second.after.before = first
  return first
}
