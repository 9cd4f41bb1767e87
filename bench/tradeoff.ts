// Speed against error of the ways to evaluate the UNet less often, on the demo model: every setting against the full run of
// the same seed. Adds what FILE lacks until the minutes are over, so that an hour's work can be done in pieces; with --timed,
// when nothing else runs, the seconds of both runs as well.
//
//   node --conditions=kinora-dev bench/tradeoff.ts --steps 12 --prompts 8 --minutes 5 --json FILE

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type TextToVideoOptions, TextToVideoPipeline, type Video } from 'kinora'
import { openCheckpoint } from '../packages/kinora/src/checkpoint/open.ts'
import { shapesOf, type UNetSize } from './flops.ts'
import { describeMachine } from './machine.ts'
import { disagreement } from './statistics.ts'
import type { Tradeoff, TradeoffRun } from './tradeoff-report.ts'
import { type Setting, settingsOf, workOf } from './tradeoff-settings.ts'

const DEMO = new URL('../packages/demo-model/', import.meta.url)

interface Example {
  prompt: string
  seed: number
}

interface Timed {
  video: Video
  /** From the first step's start to the last one's end. */
  seconds: number
}

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '12' },
    prompts: { type: 'string', default: '8' },
    minutes: { type: 'string', default: '600' },
    timed: { type: 'boolean', default: false },
    threads: { type: 'string' },
    json: { type: 'string' },
  },
})
if (values.json === undefined) throw new Error('--json FILE is needed: where the figures go')
const [steps, file, end] = [Number(values.steps), values.json, performance.now() + Number(values.minutes) * 60_000]
const demo = readDemo<{ numFrames: number; guidanceScale: number; fps: number }>('defaults.json')
const examples = readDemo<Example[]>('examples.json').slice(0, Number(values.prompts))
const checkpoint = fileURLToPath(new URL('checkpoint', DEMO))
const shapes = shapesOf((await openCheckpoint(checkpoint, { variant: 'fp16' })).weights('unet'))
const pipe = await TextToVideoPipeline.fromPretrained(checkpoint, {
  variant: 'fp16',
  ...(values.threads !== undefined && { threads: Number(values.threads) }),
})
pipe.defaults = { ...pipe.defaults, ...demo }
const result = openResult()
try {
  await measure()
} finally {
  await pipe.dispose()
}

function readDemo<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, DEMO), 'utf8')) as T
}

function openResult(): Tradeoff {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Tradeoff
  const { numFrames: frames, height, width, guidanceScale } = pipe.defaults
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: describeMachine(),
    size: { frames, height, width, guidanceScale },
    runs: [],
  }
}

/** Setting by setting, so that a model is loaded once for all prompts. */
async function measure(): Promise<void> {
  const has = (setting: Setting, { prompt }: Example) => {
    const known = result.runs.filter((run) => isOf(run, setting) && run.prompt === prompt)
    return known.some(({ timeRatio }) => !values.timed || timeRatio !== undefined)
  }
  const missing = settingsOf(steps).filter((setting) => examples.some((example) => !has(setting, example)))
  if (missing.length === 0) return
  await generate({ ...examples[0]!, numInferenceSteps: 1 }) // loads
  const full = new Map<Example, Timed>()
  for (const example of examples) full.set(example, await generate({ ...example, numInferenceSteps: steps }))
  for (const setting of missing) {
    for (const example of examples) {
      if (performance.now() > end) return
      if (!has(setting, example)) record(setting, example, await generate({ ...example, ...setting.options }), full.get(example)!)
    }
  }
}

function isOf(run: TradeoffRun, { group, label }: Setting): boolean {
  return run.steps === steps && run.group === group && run.label === label
}

async function generate({ prompt, seed, ...options }: Example & TextToVideoOptions): Promise<Timed> {
  let [start, seconds] = [0, 0]
  const onProgress: TextToVideoOptions['onProgress'] = ({ phase, step, total }) => {
    if (phase !== 'denoising') return
    if (step === 0) start = performance.now()
    if (step === total) seconds = (performance.now() - start) / 1000
  }
  return { video: await pipe.generate({ prompt, seed, ...options, onProgress }), seconds }
}

function record(setting: Setting, { prompt }: Example, { video, seconds }: Timed, full: Timed): void {
  const { frames, height, width } = result.size
  const latents: UNetSize = { batch: 2, frames, height: height / 8, width: width / 8, tokens: 77 }
  const work = workOf(setting, steps, shapes, latents)
  const latentError = disagreement(video.latents.data, full.video.latents.data).relative
  const psnr = decibels(video.frames.data, full.video.frames.data)
  const timeRatio = values.timed ? seconds / full.seconds : undefined
  const run: TradeoffRun = {
    steps,
    group: setting.group,
    label: setting.label,
    prompt,
    work,
    psnr,
    latentError,
    ...(timeRatio && { timeRatio }),
  }
  result.runs = [...result.runs.filter((known) => !(isOf(known, setting) && known.prompt === prompt)), run]
  console.error(
    `${run.label}: work ${work.toFixed(3)}, time ${timeRatio?.toFixed(3) ?? '-'}, ${psnr.toFixed(1)} dB, ${latentError.toFixed(4)}`,
  )
  writeFileSync(file, `${JSON.stringify(result, null, 1)}\n`)
}

/** PSNR with peak 1 over all frames. */
function decibels(actual: Float32Array, expected: Float32Array): number {
  let squares = 0
  for (let i = 0; i < expected.length; i++) squares += (actual[i]! - expected[i]!) ** 2
  return 10 * Math.log10(expected.length / squares)
}
