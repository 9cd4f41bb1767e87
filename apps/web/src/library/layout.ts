// Where cards stand: how many fit beside each other, how high a row is, and where the arrow keys lead. Heights follow from the
// width alone, so that nothing moves when pictures come.

/** Between cards, in both directions. */
export const GAP = 16
/** Below the picture: two lines of the prompt, one of facts; Card.module.css has the same. */
const TEXT_HEIGHT = 92
const BORDERS = 2
const PICTURE = 3 / 4
/** A card is at least so wide; on a phone there are two in a row. */
const LEAST = 220
const PHONE = 480

export interface Layout {
  readonly columns: number
  readonly rowHeight: number
}

export function layoutOf(width: number): Layout {
  const columns = Math.max(width < PHONE ? 2 : 1, Math.floor((width + GAP) / (LEAST + GAP)))
  const card = (width - GAP * (columns - 1)) / columns
  return { columns, rowHeight: Math.round((card - BORDERS) * PICTURE) + TEXT_HEIGHT + BORDERS }
}

/** The card that a key leads to from `index`; undefined for other keys, and at the edges. */
export function nextCard(key: string, index: number, columns: number, count: number): number | undefined {
  const next = targetOf(key, index, columns, count)
  return next === undefined || next < 0 || next >= count || next === index ? undefined : next
}

function targetOf(key: string, index: number, columns: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowLeft':
      return index - 1
    case 'ArrowRight':
      return index + 1
    case 'ArrowUp':
      return index - columns
    case 'ArrowDown':
      // Down from above a row that is not full.
      return Math.floor(index / columns) < Math.floor((count - 1) / columns) ? Math.min(index + columns, count - 1) : undefined
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return undefined
  }
}
