// The legend under a plot: a sample and a name for each entry, as many in a row as fit.

import { label } from './svg.ts'

export interface LegendEntry {
  name: string
  /** What the entry looks like in the plot, 24 wide, around this place. */
  sample: (x: number, y: number) => string
}

const ROW = 20
const SAMPLE = 30
const GAP = 18
/** Of one letter, about. */
const LETTER = 6.6

/** The entries from `top` down, and how high they are. */
export function legend(entries: readonly LegendEntry[], left: number, right: number, top: number): { parts: string[]; height: number } {
  let [x, y] = [left, top]
  const parts: string[] = []
  for (const { name, sample } of entries) {
    const width = SAMPLE + name.length * LETTER
    if (x > left && x + width > right) [x, y] = [left, y + ROW]
    parts.push(sample(x + SAMPLE / 2 - 3, y), label(name, x + SAMPLE, y + 4, 'start'))
    x += width + GAP
  }
  return { parts, height: y - top + ROW }
}
