// The figures that are kept for the page docs/numbers.md, as JSON beside its plots: what queue.ts and database.ts wrote.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Line } from './erlang.ts'
import type { MemoryFigures } from './memory-figures.ts'
import type { Waits } from './waits.ts'

export const PAGE = fileURLToPath(new URL('../../docs/numbers.md', import.meta.url))
export const FOLDER = fileURLToPath(new URL('../../docs/numbers/', import.meta.url))

interface Point {
  readonly x: number
  readonly y: number
}

type LightWaits = Waits & { readonly refused: number }

export interface Size {
  readonly registered: number
  readonly days: number
  readonly videosADay: number
  /** Videos in the busiest hour. */
  readonly peakHour: number
  readonly needed: readonly {
    readonly name: string
    readonly title: string
    readonly load: number
    readonly workers: readonly { readonly bound: number; readonly workers: number }[]
  }[]
  readonly real: {
    readonly title: string
    readonly workers: number
    readonly deaths: number
    readonly all: Waits
    readonly light: Waits
    readonly firstCome: Waits
    /** Share of the workers' time. */
    readonly busy: number
    readonly refused: number
    readonly again: number
    readonly failed: number
    readonly lost: number
    readonly duplicate: number
    readonly realSeconds: number
  }
}

export interface QueueResults {
  readonly date: string
  readonly machine: string
  readonly theory: readonly (Line & { readonly expected: number; readonly simulated: number })[]
  readonly curves: readonly { readonly title: string; readonly points: readonly Point[] }[]
  readonly fairness: {
    readonly workers: number
    readonly title: string
    readonly seconds: number
    readonly light: number
    readonly heavy: number
    readonly fair: LightWaits
    readonly firstCome: LightWaits
    readonly defaults: LightWaits
    readonly quota: LightWaits
    readonly points: { readonly fair: readonly Point[]; readonly firstCome: readonly Point[] }
  }
  readonly sizes: readonly Size[]
}

/** Milliseconds. */
export interface Times {
  readonly median: number
  readonly p95: number
}

export interface DatabaseResults {
  readonly date: string
  readonly machine: string
  /** Load average before. */
  readonly load: number
  readonly lives: readonly {
    readonly completed: number
    readonly waiting: number
    readonly accept: Times
    readonly take: Times
    readonly end: Times
    readonly nothing: Times
  }[]
  readonly together: readonly {
    readonly takers: number
    readonly connections: number
    readonly jobsPerSecond: number
    readonly take: Times
    readonly duplicates: number
  }[]
}

interface Kept {
  readonly queue: QueueResults
  readonly database: DatabaseResults
  readonly memory: { readonly clips: readonly MemoryFigures[] }
}

export function readKeptFigures<Name extends keyof Kept>(name: Name): Kept[Name] {
  return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Kept[Name]
}

/** The file's path. */
export function writeKept<Name extends keyof Kept>(name: Name, figures: Kept[Name]): string {
  mkdirSync(FOLDER, { recursive: true })
  const path = join(FOLDER, `${name}.json`)
  const rounded = (_key: string, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value
  writeFileSync(path, `${JSON.stringify(figures, rounded, 1)}\n`)
  return path
}
