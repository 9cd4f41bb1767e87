// What a run leaves behind: its figures with the machine, the settings and the versions that they belong
// to, as JSON. No path of the machine is kept, so that a file can be committed as it is.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { GenerateFigures } from './generate.ts'
import type { GrowthFigures } from './growth.ts'
import { describeMachine } from './machine.ts'
import type { StepFigures } from './measure.ts'
import type { BenchOptions, Command, Output } from './options.ts'
import type { StartupFigures } from './startup.ts'

/** What all results share. */
export interface Circumstances {
  /** ISO 8601, UTC. */
  date: string
  machine: ReturnType<typeof describeMachine>
  /** Without the reference's interpreter: the versions say what it was. */
  options: Omit<BenchOptions, 'reference'> & { reference: undefined }
  /** Of node, onnxruntime, torch, diffusers, as far as they took part. */
  versions: Readonly<Record<string, string>>
}

interface Figures {
  unet: StepFigures
  vae: StepFigures
  text: StepFigures
  generate: GenerateFigures
  growth: GrowthFigures
  startup: StartupFigures
}

/** One file: the command, the circumstances, the command's own figures. */
export type BenchResult = { [C in Command]: ResultOf<C> }[Command]

export type ResultOf<C extends Command> = { command: C } & Circumstances & Figures[C]

/** Of unet, vae and text. */
export type StepResult = ResultOf<'unet' | 'vae' | 'text'>

/** Committed results. */
export const KEPT = fileURLToPath(new URL('../docs/performance/', import.meta.url))

/** The options as they may be shown: folders by their last name, the interpreter not at all (JSON leaves undefined out). */
function shownOptions({ checkpoint, passed, ...options }: BenchOptions): Circumstances['options'] {
  const names = passed.map((word) => (/[/\\]/.test(word) && !/\s/.test(word) ? basename(word) : word))
  return { ...options, reference: undefined, checkpoint: basename(checkpoint), passed: names }
}

/** To be taken before the measuring: its load average is that of others. */
export function circumstances(options: BenchOptions): Circumstances {
  // Its dependencies are pinned exactly.
  const library = new URL('../packages/kinora/package.json', import.meta.url)
  const { dependencies } = JSON.parse(readFileSync(library, 'utf8')) as { dependencies: Record<string, string> }
  const versions = { node: process.version, onnxruntime: dependencies['onnxruntime-node'] ?? 'unknown' }
  return { date: new Date().toISOString(), machine: describeMachine(), options: shownOptions(options), versions }
}

/** The file's path. */
export function writeResult(result: BenchResult, { json, keep }: Output): string {
  const stamp = result.date.slice(0, 19).replaceAll(':', '-')
  const results = fileURLToPath(new URL(`results/${result.command}-${stamp}.json`, import.meta.url))
  const path = json ? resolve(json) : keep === undefined ? results : `${KEPT}${result.date.slice(0, 10)}-${keep}.json`
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`)
  return path
}
