// The benchmark's command line as data: which options each command takes, and their values checked.
// Precision and device are the library's to judge.

import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { anyNumber, choice, fileName, parseSize, present, type Rule, UsageError, wholeNumber } from './arguments.ts'
import { defaultCheckpointFolder } from './random-checkpoint.ts'

export type SideName = 'kinora' | 'reference'

export const COMMANDS = ['unet', 'vae', 'text', 'generate', 'growth', 'startup'] as const

export type Command = (typeof COMMANDS)[number]

export interface BenchOptions {
  checkpoint: string
  /** Weight files to read. */
  dtype: 'float32' | 'float16'
  /** What our engine computes in. */
  precision: string
  device: string
  frames: number
  /** Pixels. */
  height: number
  width: number
  /** Guidance scale; 1 and below is without guidance. */
  guidance: number
  /** Measured steps; left out, the benchmark's own number. */
  steps?: number
  threads?: number
  /** Of our engine: bytes, as the library reads them (8GiB). */
  memoryLimit?: string
  /** Of our engine: folder for models as they run. */
  compiledCache?: string
  /** Python interpreter with diffusers. */
  reference?: string
  referenceDtype: string
  /** Leaves out one side. */
  only?: SideName
  /** Of `generate`: steps of the whole video, of which `steps` are measured. */
  totalSteps: number
  /** Of `generate`, where the reference's run is another one. */
  referenceTotalSteps: number
  referenceGuidance: number
  /** Of `growth`: FRAMESxHEIGHTxWIDTH, each. */
  points?: readonly Size[]
  /** Of `growth`. */
  part: string
  /** Of `generate`: handed to `kinora generate` as they are. */
  passed: readonly string[]
}

export interface Size {
  frames: number
  height: number
  width: number
}

/** Where the figures go. */
export interface Output {
  /** Written there instead of to bench/results. */
  json?: string
  /** Name under which the figures are kept in docs/performance. */
  keep?: string
}

const text = { type: 'string' } as const
const COMMON = { checkpoint: text, dtype: text, precision: text, device: text, steps: text, threads: text, reference: text } as const
const LIMIT = { 'memory-limit': text } as const
/** Of benchmarks that open the library themselves. */
const CACHE = { 'compiled-cache': text } as const
const SIDES = { 'reference-dtype': text, only: text, json: text, keep: text } as const
const SIZE = { frames: text, height: text, width: text } as const
const GUIDANCE = { guidance: text } as const
const TOTAL = { 'total-steps': text, 'reference-total-steps': text, 'reference-guidance': text } as const

const TAKES: Readonly<Record<Command, Record<string, { type: 'string' }>>> = {
  unet: { ...SIZE, ...GUIDANCE, ...CACHE },
  vae: { ...SIZE, ...CACHE },
  text: CACHE,
  generate: { ...SIZE, ...GUIDANCE, ...TOTAL },
  growth: { ...GUIDANCE, ...CACHE, points: text, part: text },
  startup: { ...SIZE, ...GUIDANCE },
}

/** Throws UsageError, or what parseArgs throws, for arguments that the command does not take. */
export function parseOptions(command: Command, args: readonly string[]): { options: BenchOptions; output: Output } {
  const parsed = parseArgs({
    args: [...args],
    options: { ...COMMON, ...LIMIT, ...SIDES, ...TAKES[command] },
    allowPositionals: command === 'generate',
  })
  const values = parsed.values as Readonly<Record<string, string | undefined>>
  const read = <T>(name: string, parse: (flag: string, value: string) => T): T | undefined =>
    values[name] === undefined ? undefined : parse(`--${name}`, values[name])
  const whole = (name: string, rule: Rule = {}): number | undefined => read(name, (flag, value) => wholeNumber(flag, value, rule))
  const oneOf = <T extends string>(name: string, allowed: readonly T[]): T | undefined =>
    read(name, (flag, value) => choice(flag, value, allowed))
  const { reference = process.env.KINORA_BENCH_PYTHON } = values
  const only = oneOf('only', ['kinora', 'reference'])
  if (only === 'reference' && !reference) throw new UsageError('--only reference needs --reference PYTHON')
  const [guidance, totalSteps] = [read('guidance', anyNumber) ?? 9, whole('total-steps') ?? 25]
  const options: BenchOptions = {
    checkpoint: resolve(values.checkpoint ?? defaultCheckpointFolder()),
    dtype: oneOf('dtype', ['float32', 'float16']) ?? 'float32',
    precision: values.precision ?? 'float32',
    device: values.device ?? 'auto',
    frames: whole('frames') ?? 16,
    height: whole('height', { multipleOf: 8 }) ?? 256,
    width: whole('width', { multipleOf: 8 }) ?? 256,
    guidance,
    referenceDtype: oneOf('reference-dtype', ['float32', 'bfloat16']) ?? 'float32',
    totalSteps,
    referenceTotalSteps: whole('reference-total-steps') ?? totalSteps,
    referenceGuidance: read('reference-guidance', anyNumber) ?? guidance,
    part: oneOf('part', ['unet', 'vae', 'both']) ?? 'both',
    passed: parsed.positionals,
    ...present({
      steps: whole('steps', { least: command === 'growth' ? 0 : 1 }),
      threads: whole('threads'),
      memoryLimit: values['memory-limit'],
      compiledCache: values['compiled-cache'],
      reference,
      only,
      points: read('points', (_, value) => value.split(',').map(parseSize)),
    }),
  }
  return { options, output: present({ json: values.json, keep: read('keep', fileName) }) }
}
