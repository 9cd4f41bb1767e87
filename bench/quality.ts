// How far int8 is from float32: the same runs with both, step by step and at the end. Prints the table that
// docs/performance.md shows. It measures no time and no memory; main.ts does.
//
//   node --conditions=kinora-dev bench/quality.ts [--checkpoint FOLDER] [--prompts 8] [--steps N] [--frames N] [--latents]

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Tensor, TextToVideoPipeline, type Video } from 'kinora'

const DEMO = fileURLToPath(new URL('../packages/demo-model/', import.meta.url))

const { values } = parseArgs({
  options: {
    checkpoint: { type: 'string', default: `${DEMO}checkpoint` },
    variant: { type: 'string' },
    prompts: { type: 'string', default: '8' },
    steps: { type: 'string' },
    frames: { type: 'string' },
    /** No pictures: the decoder is float32 in both. */
    latents: { type: 'boolean', default: false },
  },
})

interface Example {
  prompt: string
  seed: number
  steps: number
  guidance: number
}

interface Trace {
  video: Video
  /** After each step. */
  latents: Float32Array[]
}

interface Row {
  prompt: string
  /** Relative error of the latents after each step: norm of the difference by the norm. */
  errors: number[]
  /** Decibels, undefined without pictures. */
  psnr: number | undefined
}

function examples(): Example[] {
  const known = JSON.parse(readFileSync(`${DEMO}examples.json`, 'utf8')) as Example[]
  return known.slice(0, Number(values.prompts))
}

/** All examples on one pipeline, so that two large models are never in memory together. */
async function generateAll(precision: 'float32' | 'int8'): Promise<Trace[]> {
  const { checkpoint, variant, steps, frames, latents: latentsOnly } = values
  const pipe = await TextToVideoPipeline.fromPretrained(checkpoint, { precision, ...(variant !== undefined && { variant }) })
  const traces: Trace[] = []
  for (const example of examples()) {
    const latents: Float32Array[] = []
    const video = await pipe.generate({
      prompt: example.prompt,
      seed: example.seed,
      numInferenceSteps: Number(steps ?? example.steps),
      ...(checkpoint.startsWith(DEMO) && { guidanceScale: example.guidance }),
      ...(frames !== undefined && { numFrames: Number(frames) }),
      outputType: latentsOnly ? 'latents' : 'frames',
      callbackOnStepEnd: (step) => {
        latents.push(step.latents.data.slice())
        return undefined
      },
    })
    traces.push({ video, latents })
    console.error(`${precision}: ${example.prompt}`)
  }
  await pipe.dispose()
  return traces
}

function relativeError(got: Float32Array, want: Float32Array): number {
  let [difference, norm] = [0, 0]
  for (const [i, value] of want.entries()) {
    difference += (got[i]! - value) ** 2
    norm += value ** 2
  }
  return Math.sqrt(difference / norm)
}

/** Of pictures in [0, 1]. */
function psnr({ data: got }: Tensor<'float32'>, { data: want }: Tensor<'float32'>): number | undefined {
  if (want.length === 0) return undefined
  let sum = 0
  for (const [i, value] of want.entries()) sum += (got[i]! - value) ** 2
  return -10 * Math.log10(sum / want.length)
}

function table(rows: readonly Row[]): string {
  const steps = rows[0]!.errors.length
  const shown = [...new Set([0, Math.floor(steps / 4), Math.floor(steps / 2), Math.floor((3 * steps) / 4), steps - 1])]
  const percent = (error: number) => `${(100 * error).toFixed(2)} %`
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const decibels = (value: number | undefined) => (value === undefined ? '' : value.toFixed(1))
  return [
    line(['prompt', ...shown.map((step) => `step ${step + 1}`), 'PSNR of the frames, dB']),
    line(['---', ...shown.map(() => '---'), '---']),
    ...rows.map(({ prompt, errors, psnr: value }) => line([prompt, ...shown.map((step) => percent(errors[step]!)), decibels(value)])),
  ].join('\n')
}

const floats = await generateAll('float32')
const int8 = await generateAll('int8')
const rows = floats.map(({ video, latents }, i): Row => {
  const other = int8[i]!
  const errors = latents.map((want, step) => relativeError(other.latents[step]!, want))
  return { prompt: video.settings.prompt[0]!, errors, psnr: psnr(other.video.frames, video.frames) }
})
console.log(table(rows))
const measured = rows.flatMap(({ psnr: value }) => value ?? [])
if (measured.length > 0) console.log(`\nworst PSNR ${Math.min(...measured).toFixed(1)} dB`)
