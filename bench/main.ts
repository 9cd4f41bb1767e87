// The benchmark's command line: `npm run bench -- unet|decode [options]`. Prints a table, writes the
// same figures as JSON to bench/results/, and makes the random checkpoint when its folder lacks it.

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { BenchOptions } from './benchmark.ts'
import { decodeBenchmark } from './decode.ts'
import { measure } from './measure.ts'
import { defaultCheckpointFolder, writeRandomCheckpoint } from './random-checkpoint.ts'
import { formatResult } from './report.ts'
import { unetBenchmark } from './unet.ts'

const BENCHMARKS = { unet: unetBenchmark, decode: decodeBenchmark }

/** Largest RMS disagreement, relative, of two sides that compute the same thing in float32. */
const TOLERANCE = 1e-3

const USAGE = `npm run bench -- unet|decode [options]

  unet: forwards of the UNet with guidance; decode: the autoencoder's decoder, a step a frame

  --checkpoint FOLDER   full-size checkpoint; a random one is made in ${defaultCheckpointFolder()} when left out
  --dtype D             weights to read: float32 (default) or float16
  --precision P         what our engine computes in (float32)
  --frames N            16    --height PIXELS   256    --width PIXELS   256
  --steps N             measured steps after one warm-up (default: unet 5, decode every frame)
  --threads N           for both sides (default: each engine's own choice)
  --reference PYTHON    also run diffusers, with this interpreter (torch, diffusers, transformers, safetensors)
  --reference-dtype D   float32 (default) or bfloat16
  --only SIDE           kinora or reference
  --json FILE           where to write the figures (default bench/results/NAME-DATE.json)`

class UsageError extends Error {}

async function main(args: string[]): Promise<void> {
  const [command, ...rest] = args
  const name = choice('benchmark', command ?? 'nothing', ['unet', 'decode'] as const)
  const { options, json } = parseBenchArgs(name, rest)
  if (!rest.includes('--checkpoint')) writeRandomCheckpoint({ folder: options.checkpoint, dtypes: [options.dtype], log: console.error })
  const result = await measure(BENCHMARKS[name](options), options, console.error)
  console.log(formatResult(result))
  mkdirSync(dirname(json), { recursive: true })
  writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`)
  console.log(json)
  const relative = options.referenceDtype === 'float32' ? (result.disagreement?.relative ?? 0) : 0
  if (!(relative <= TOLERANCE))
    throw new Error(`the outputs differ by ${relative}, more than ${TOLERANCE}: the times compare different things`)
}

function parseBenchArgs(benchmark: string, args: string[]): { options: BenchOptions; json: string } {
  const { values } = parseArgs({
    args,
    options: {
      checkpoint: { type: 'string', default: defaultCheckpointFolder() },
      dtype: { type: 'string', default: 'float32' },
      precision: { type: 'string', default: 'float32' },
      frames: { type: 'string', default: '16' },
      height: { type: 'string', default: '256' },
      width: { type: 'string', default: '256' },
      steps: { type: 'string' },
      threads: { type: 'string' },
      reference: { type: 'string' },
      'reference-dtype': { type: 'string', default: 'float32' },
      only: { type: 'string' },
      json: { type: 'string' },
    },
  })
  const whole = (name: 'frames' | 'height' | 'width' | 'steps' | 'threads', multipleOf = 1): number => {
    const value = Number(values[name])
    if (!Number.isInteger(value) || value < 1 || value % multipleOf !== 0)
      throw new UsageError(
        `--${name} ${values[name]}: a whole number >= 1${multipleOf > 1 ? `, a multiple of ${multipleOf},` : ''} is expected`,
      )
    return value
  }
  const only = values.only === undefined ? undefined : choice('--only', values.only, ['kinora', 'reference'] as const)
  if (only === 'reference' && !values.reference) throw new UsageError('--only reference needs --reference PYTHON')
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  return {
    json: values.json ? resolve(values.json) : fileURLToPath(new URL(`results/${benchmark}-${stamp}.json`, import.meta.url)),
    options: {
      checkpoint: resolve(values.checkpoint),
      dtype: choice('--dtype', values.dtype, ['float32', 'float16'] as const),
      precision: choice('--precision', values.precision, ['float32'] as const),
      frames: whole('frames'),
      height: whole('height', 8),
      width: whole('width', 8),
      referenceDtype: choice('--reference-dtype', values['reference-dtype'], ['float32', 'bfloat16'] as const),
      ...(values.steps !== undefined && { steps: whole('steps') }),
      ...(values.threads !== undefined && { threads: whole('threads') }),
      ...(values.reference !== undefined && { reference: values.reference }),
      ...(only && { only }),
    },
  }
}

function choice<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value)
  if (found === undefined) throw new UsageError(`${name} ${value}: ${allowed.join(' or ')} is expected`)
  return found
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  const usage = error instanceof UsageError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')
  console.error(usage ? `${(error as Error).message}\n\n${USAGE}` : error)
  process.exitCode = usage ? 2 : 1
}
