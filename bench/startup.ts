// `bench startup`: from the start of `kinora generate` to the begin of its first step. The real program is
// timed from outside; a second process goes the same way with a stop watch inside (startup-child.ts).
// Loading is set against reading the same weight files once from begin to end.

import { execFile } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { ModelFiles } from '../packages/kinora/src/pipelines/model-files.ts'
import { encodeSafetensors } from '../packages/kinora/src/tensor/safetensors.ts'
import { tensor } from '../packages/kinora/src/tensor/tensor.ts'
import { elapsed } from './clock.ts'
import { beginOf, endOf, runCommandLine } from './command-line.ts'
import { commandLineOptions } from './library.ts'
import type { Log } from './measure.ts'
import type { Span } from './observed.ts'
import type { BenchOptions } from './options.ts'
import { commonOptions, Reference, versionsOf } from './reference.ts'
import { TEXTS } from './text.ts'

/** What startup-child.ts prints. */
export interface InsideStart {
  /** Node.js until our first line runs, then the library's modules, then the checkpoint's headers and a check of every tensor. */
  nodeSeconds: number
  importSeconds: number
  openSeconds: number
  spans: Span[]
  /** Until the first step began. */
  totalSeconds: number
}

interface Reading {
  bytes: number
  /** The first reading may come from the disk. */
  firstSeconds: number
  /** The second comes from memory where the machine has enough. */
  secondSeconds: number
}

export interface StartupFigures {
  title: string
  /** The real program, from outside: until the prompt is encoded, until the UNet is loaded, until the first step. */
  program?: { start: number; text: number; load: number; totalSeconds: number }
  inside?: InsideStart
  /** Of the UNet at full size: what the bar of 0.5 s is for. */
  graphSeconds?: number
  loads?: { part: string; loadSeconds: number; reading: Reading; ratio: number }[]
  /** Until all parts are loaded. */
  reference?: { importSeconds: number; loadSeconds: number; totalSeconds: number }
}

export async function measureStartup(
  options: BenchOptions,
  files: ModelFiles,
  log: Log,
): Promise<{ figures: StartupFigures; versions: Record<string, string> }> {
  const figures: StartupFigures = { title: `start of kinora generate, ${options.frames}x${options.height}x${options.width}` }
  const folder = mkdtempSync(join(tmpdir(), 'kinora-bench-'))
  let versions: Record<string, string> = {}
  try {
    if (options.only !== 'reference') {
      const parts = (['text_encoder', 'unet'] as const).map((part) => ({
        part,
        reading: readTwice(files.checkpoint.weights(part).files()),
      }))
      for (const { part, reading } of parts)
        log(`${part}: read ${(reading.bytes / 1e9).toFixed(2)} GB in ${reading.secondSeconds.toFixed(2)} s`)
      const inside = await startInside(options)
      figures.program = await startProgram(options, folder)
      figures.inside = inside
      figures.graphSeconds = sum(inside.spans.filter(({ slot, work }) => slot === 'unet' && work === 'build'))
      figures.loads = parts.map(({ part, reading }) => {
        const loadSeconds = sum(inside.spans.filter(({ slot, work }) => slot === part && work === 'load'))
        return { part, loadSeconds, reading, ratio: loadSeconds / reading.secondSeconds }
      })
    }
    if (options.only !== 'kinora' && options.reference) {
      const started = await startReference(options, options.reference, folder)
      figures.reference = started.figures
      versions = started.versions
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return { figures, versions }
}

async function startInside(options: BenchOptions): Promise<InsideStart> {
  const child = fileURLToPath(new URL('startup-child.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=kinora-dev', child, JSON.stringify(options)])
  return JSON.parse(stdout) as InsideStart
}

async function startProgram(options: BenchOptions, folder: string): Promise<NonNullable<StartupFigures['program']>> {
  const settings = ['--steps', '25', '--guidance', `${options.guidance}`, '--seed', '0', '-o', join(folder, 'video.mp4')]
  const { told } = await runCommandLine(
    ['generate', TEXTS[0], ...commandLineOptions(options), ...settings],
    ({ phase }) => phase === 'denoising',
  )
  const totalSeconds = beginOf(told, 'denoising') ?? Number.NaN
  const start = beginOf(told, 'encoding prompt') ?? Number.NaN
  const encoded = endOf(told, 'encoding prompt') ?? Number.NaN
  return { start, text: encoded - start, load: totalSeconds - encoded, totalSeconds }
}

/** Until all parts are loaded; nothing is computed. */
async function startReference(options: BenchOptions, python: string, folder: string) {
  const inputs = join(folder, 'inputs.safetensors')
  const nothing = { latents: tensor('float32', [1, 1, 1, 1, 1]), input_ids: tensor('int64', [1, 1]) }
  writeFileSync(inputs, Buffer.concat(encodeSafetensors(nothing)))
  const begin = performance.now()
  const output = join(folder, 'unused')
  const { reference, ready } = await Reference.start({ ...commonOptions(options), python, part: 'generate', inputs, output })
  const totalSeconds = elapsed(begin)
  await reference.stop()
  const figures = { importSeconds: Number(ready.import_seconds), loadSeconds: Number(ready.load_seconds), totalSeconds }
  return { figures, versions: versionsOf(ready) }
}

function readTwice(paths: readonly string[]): Reading {
  const chunk = Buffer.allocUnsafe(2 ** 23)
  let bytes = 0
  const seconds = [0, 1].map(() => {
    const begin = performance.now()
    bytes = 0
    for (const path of paths) {
      const file = openSync(path, 'r')
      for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) bytes += read
      closeSync(file)
    }
    return elapsed(begin)
  })
  return { bytes, firstSeconds: seconds[0]!, secondSeconds: seconds[1]! }
}

function sum(spans: readonly Span[]): number {
  return spans.reduce((total, { seconds }) => total + seconds, 0)
}
