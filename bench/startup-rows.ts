// The start of a generation as rows, in the order in which they happen, for the table and for the plot.

import type { Work } from './observed.ts'
import type { StartupFigures } from './startup.ts'

const WORDS: Readonly<Record<Work, string>> = {
  build: 'build graph',
  encode: 'encode model',
  engine: 'start engine',
  load: 'load',
  hold: 'hand over the prompt',
  run: 'run',
}

export interface StartupRow {
  name: string
  seconds: number
}

/** The phases and what is left of the total; nothing without our side. */
export function startupRows({ inside }: StartupFigures): StartupRow[] {
  if (!inside) return []
  const { nodeSeconds, importSeconds, openSeconds, spans, totalSeconds } = inside
  const rows = new Map([
    ['start Node.js', nodeSeconds],
    ['import', importSeconds],
    ['open and check the checkpoint', openSeconds],
  ])
  for (const { slot, work, seconds } of spans) {
    const name = work === 'engine' ? WORDS.engine : `${slot}: ${WORDS[work]}`
    rows.set(name, (rows.get(name) ?? 0) + seconds)
  }
  const known = [...rows.values()].reduce((sum, value) => sum + value, 0)
  rows.set('between them', totalSeconds - known)
  return [...rows].map(([name, seconds]) => ({ name, seconds }))
}
