// Reads the results that are kept in docs/performance. They are written by writeResult, or by hand for a
// curve: any line plot, `{ "command": "curve", "date", "title", "description", "x", "y", "series" }`.

import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { cpuKind } from './machine.ts'
import { COMMANDS, type Command } from './options.ts'
import type { LinePlot } from './plot/line-plot.ts'
import type { BenchResult, ResultOf } from './result.ts'

export interface Curve extends LinePlot {
  command: 'curve'
  date: string
}

export type Kept = (BenchResult | Curve) & {
  /** The file's, without its ending. */
  name: string
}

/** All of a folder, oldest first. Throws an Error naming a file that holds no result. */
export function readKept(folder: string): Kept[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return files.map((name) => readOne(join(folder, name))).toSorted((a, b) => a.date.localeCompare(b.date) || a.name.localeCompare(b.name))
}

function readOne(path: string): Kept {
  const name = basename(path, '.json')
  const content = JSON.parse(readFileSync(path, 'utf8')) as Kept
  if (typeof content.date !== 'string' || ![...COMMANDS, 'curve'].includes(content.command))
    throw new Error(`${path} is no result: "date" and "command" (${COMMANDS.join(', ')} or curve) are expected`)
  return { ...content, name }
}

export function ofCommand<C extends Command>(kept: readonly Kept[], command: C): (ResultOf<C> & Kept)[] {
  return kept.filter((result): result is ResultOf<C> & Kept => result.command === command)
}

/** The last result of each kind; `kind` tells which belong together. */
export function latest<R>(results: readonly R[], kind: (result: R) => string): R[] {
  return [...new Map(results.map((result) => [kind(result), result])).values()]
}

/** What was computed with, and where: float32, or int8 on webgpu. */
export function setup({ options: { precision, device } }: BenchResult): string {
  return device === 'auto' || device === 'cpu' ? precision : `${precision} on ${device}`
}

export function kindOf(result: BenchResult): string {
  const { guidance, totalSteps, frames, height, width } = result.options
  const size = result.command === 'growth' ? [] : [frames, height, width, totalSteps]
  return [result.command, cpuKind(result.machine), setup(result), guidance > 1, ...size].join()
}
