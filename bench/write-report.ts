// `bench report`: writes tables.md and the plots beside the results that they are made of.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readKept } from './kept.ts'
import { plots } from './plots.ts'
import { tables } from './tables.ts'

/** The paths of the files that were written. */
export function writeReport(folder: string): string[] {
  const kept = readKept(folder)
  const files = new Map([['tables.md', tables(kept)], ...plots(kept)])
  return [...files].map(([name, content]) => {
    const path = join(folder, name)
    writeFileSync(path, content)
    return path
  })
}
