// Writes the tables of docs/numbers.md between their markers, and its plots, from the kept figures and the estimates; the text between
// the tables is written by hand. A test holds the page against what this would write.
//
//   node --conditions=kinora-dev bench/sizing/page.ts            # --memory works the memory table out anew, which takes ten seconds

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FOLDER, PAGE, readKeptFigures, writeKept } from './kept.ts'
import { CLIPS, memoryFigures } from './memory-figures.ts'
import { sizingPlots } from './plots.ts'
import * as machines from './tables-machines.ts'
import * as crowds from './tables-queue.ts'

/** By the name in the marker. */
export function pageTables(): ReadonlyMap<string, string> {
  const [queue, database, memory] = [readKeptFigures('queue'), readKeptFigures('database'), readKeptFigures('memory').clips]
  return new Map([
    ['workers', crowds.workersTable(queue)],
    ['cost', machines.costTable()],
    ['seconds', machines.secondsTable()],
    ['memory', machines.memoryTable(memory)],
    ['allowance', machines.allowanceText()],
    ['waits', crowds.waitsTable(queue)],
    ['runs', crowds.runsText(queue)],
    ['fairness text', crowds.fairnessText(queue)],
    ['fairness', crowds.fairnessTable(queue)],
    ['life', crowds.lifeTable(database)],
    ['together', crowds.togetherTable(database)],
    ['rate', crowds.rateText(queue, database)],
    ['cpu', `${machines.cpuText()}\n`],
    ['gpu', machines.gpuTable(memory)],
    ['evidence', machines.evidenceTable()],
    ['work', machines.workTable(memory)],
    ['prices', machines.priceTable()],
    ['assumptions', crowds.assumptionsText()],
    ['theory', crowds.theoryTable(queue)],
  ])
}

const MARKED = /(<!-- figures: ([\w ]+) -->\n)[\s\S]*?(<!-- end -->)/g

/** Throws when the page has a marker that no table belongs to, or lacks one. */
export function fillPage(page: string, tables: ReadonlyMap<string, string>): string {
  const missing = new Set(tables.keys())
  const filled = page.replaceAll(MARKED, (_all, open: string, name: string, close: string) => {
    const table = tables.get(name)
    if (table === undefined) throw new Error(`docs/numbers.md has a marker "figures: ${name}" that bench/sizing/page.ts knows nothing of`)
    missing.delete(name)
    return `${open}\n${table.trimEnd()}\n\n${close}`
  })
  if (missing.size > 0) throw new Error(`docs/numbers.md has no marker for: ${[...missing].join(', ')}`)
  return filled
}

if (import.meta.main) {
  if (process.argv.includes('--memory')) writeKept('memory', { clips: await memoryFigures(CLIPS) })
  writeFileSync(PAGE, fillPage(readFileSync(PAGE, 'utf8'), pageTables()))
  for (const [name, svg] of sizingPlots(readKeptFigures('queue'))) writeFileSync(join(FOLDER, name), svg)
}
