// The order of what waits, as its user changes it: moves as the service takes them (behind which one), and what the list looks
// like before the service has answered.

export interface Move {
  readonly id: string
  /** The one that is to be before it; null: to the front. */
  readonly after: string | null
}

interface WithId {
  readonly id: string
}

/** The list with one of it moved. A move of or behind something that is not in it leaves it as it is. */
export function moved<T extends WithId>(list: readonly T[], { id, after }: Move): readonly T[] {
  const item = list.find((one) => one.id === id)
  const rest = list.filter((one) => one.id !== id)
  const before = after === null ? -1 : rest.findIndex((one) => one.id === after)
  if (!item || (after !== null && before < 0)) return list
  return rest.toSpliced(before + 1, 0, item)
}

/** The move that brings `id` to `index`, counted in the list as it then is. */
export function moveTo(list: readonly WithId[], id: string, index: number): Move {
  const rest = list.filter((one) => one.id !== id)
  return { id, after: index <= 0 ? null : (rest[Math.min(index, rest.length) - 1]?.id ?? null) }
}

/**
 * A move that was made in an earlier state of the list (it stood still while something was dragged), as it is to be now: behind
 * the next one before it that still waits. Undefined when the moved one does not wait any more.
 */
export function renewed(earlier: readonly WithId[], move: Move, now: readonly WithId[]): Move | undefined {
  const waiting = new Set(now.map(({ id }) => id))
  if (!waiting.has(move.id)) return undefined
  const wanted = moved(earlier, move)
  const before = wanted.slice(
    0,
    wanted.findIndex(({ id }) => id === move.id),
  )
  return { id: move.id, after: before.findLast(({ id }) => waiting.has(id))?.id ?? null }
}

/** Places among all users for a list that was moved: those that its videos have, in the list's order. */
export function placesOf(list: readonly { readonly queue_position: number | null }[]): readonly (number | null)[] {
  const places = list.map((video) => video.queue_position)
  const known = places.filter((place) => place !== null).toSorted((a, b) => a - b)
  return known.length === places.length ? known : places.map(() => null)
}
