// `bench generate`: a whole video, from text to mp4, through `kinora generate`; the reference runs the same
// phases in Python, its frames not written to a file. Where a whole run takes too long, `--steps` of
// `--total-steps` are measured and the rest is extrapolated: both totals are kept, under these names.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ModelFiles } from '../packages/kinora/src/pipelines/model-files.ts'
import { Generator, randn } from '../packages/kinora/src/tensor/random.ts'
import { encodeSafetensors } from '../packages/kinora/src/tensor/safetensors.ts'
import { tensor } from '../packages/kinora/src/tensor/tensor.ts'
import { elapsed } from './clock.ts'
import { beginOf, endOf, runCommandLine, type Told } from './command-line.ts'
import { commandLineOptions } from './library.ts'
import { watchMemory } from './machine.ts'
import type { Log } from './measure.ts'
import type { BenchOptions } from './options.ts'
import { type Measurement, type Phases, totalOf, type WholeRun, wholeRun } from './phases.ts'
import { commonOptions, Reference, versionsOf } from './reference.ts'
import { TEXTS } from './text.ts'

export interface GenerateFigures {
  title: string
  kinora?: WholeRun
  reference?: WholeRun
  /** Of the whole runs, extrapolated where they were not measured in full. */
  ratio?: { time: number; memory: number }
}

export async function measureGenerate(
  options: BenchOptions,
  files: ModelFiles,
  log: Log,
): Promise<{ figures: GenerateFigures; versions: Record<string, string> }> {
  const { frames, height, width, only, totalSteps, guidance, reference: python } = options
  const figures: GenerateFigures = { title: `text to mp4, ${frames} frames of ${height}x${width}` }
  const folder = mkdtempSync(join(tmpdir(), 'kinora-bench-'))
  let versions: Record<string, string> = {}
  try {
    if (only !== 'reference') figures.kinora = wholeRun(await runKinora(options, folder, log), totalSteps, guidance)
    if (only !== 'kinora' && python) {
      const { measurement, versions: theirs } = await runReference(options, files, python, folder, log)
      figures.reference = wholeRun(measurement, options.referenceTotalSteps, options.referenceGuidance)
      versions = theirs
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const { kinora, reference } = figures
  if (kinora && reference)
    figures.ratio = { time: kinora.totalSeconds / reference.totalSeconds, memory: kinora.peakBytes / reference.peakBytes }
  return { figures, versions }
}

async function runKinora(options: BenchOptions, folder: string, log: Log): Promise<Measurement> {
  const { steps = options.totalSteps, guidance, passed } = options
  const settings = ['--steps', `${Math.min(steps, options.totalSteps)}`, '--guidance', `${guidance}`, '--seed', '0', '--negative', TEXTS[1]]
  const args = ['generate', TEXTS[0], ...commandLineOptions(options), ...settings, ...passed, '-o', join(folder, 'video.mp4')]
  const { told, memory, seconds } = await runCommandLine(args)
  const measurement = { ...phasesOf(told, seconds), memory }
  log(`kinora: ${seconds.toFixed(1)} s`)
  return measurement
}

/** Phases from the lines that the program told; `seconds` is when it ended. */
export function phasesOf(told: readonly Told[], seconds: number): { phases: Phases; stepSeconds: number[] } {
  const start = beginOf(told, 'encoding prompt') ?? 0
  const denoising = told.filter(({ phase }) => phase === 'denoising')
  const first = denoising[0]?.at ?? start
  const encoded = endOf(told, 'encoding prompt') ?? start
  const last = denoising.at(-1)?.at ?? first
  const decoded = endOf(told, 'decoding') ?? last
  const stepSeconds = denoising.slice(1).map(({ at }, i) => at - denoising[i]!.at)
  const phases = {
    start,
    text: encoded - start,
    load: first - encoded,
    steps: last - first,
    decode: decoded - last,
    encode: seconds - decoded,
  }
  return { phases, stepSeconds }
}

async function runReference(
  options: BenchOptions,
  { tokenizer, vae }: ModelFiles,
  python: string,
  folder: string,
  log: Log,
): Promise<{ measurement: Measurement; versions: Record<string, string> }> {
  const { frames, height, width, referenceTotalSteps, referenceGuidance } = options
  const steps = Math.min(options.steps ?? referenceTotalSteps, referenceTotalSteps)
  const texts = referenceGuidance > 1 ? [TEXTS[1], TEXTS[0]] : [TEXTS[0]]
  const ids = BigInt64Array.from(texts.flatMap((text) => tokenizer.encode(text).ids.map(BigInt)))
  const inputs = join(folder, 'inputs.safetensors')
  const latents = randn([1, vae.latentChannels, frames, height / vae.scaleFactor, width / vae.scaleFactor], new Generator(0))
  const chunks = encodeSafetensors({ latents, input_ids: tensor('int64', [texts.length, tokenizer.maxLength], ids) })
  writeFileSync(inputs, Buffer.concat(chunks))
  const begin = performance.now()
  const { reference, ready } = await Reference.start({
    ...commonOptions(options),
    python,
    part: 'generate',
    inputs,
    output: join(folder, 'unused'),
    steps,
    guidance: referenceGuidance,
  })
  try {
    const watch = watchMemory(() => reference.pid)
    const load = Number(ready.load_seconds)
    const phases: Phases = { start: elapsed(begin) - load, text: 0, load, steps: 0, decode: 0, encode: null }
    const stepSeconds: number[] = []
    for (let done = 0; done < Number(ready.pieces); done++) {
      const { seconds, phase } = await reference.step()
      if (phase === 'step') stepSeconds.push(seconds)
      phases[phase === 'step' ? 'steps' : phase === 'frame' ? 'decode' : 'text'] += seconds
      if (phase !== 'frame') log(`reference ${phase}: ${seconds.toFixed(2)} s`)
    }
    log(`reference: ${totalOf(phases).toFixed(1)} s`)
    return { measurement: { phases, stepSeconds, memory: watch.stop() }, versions: versionsOf(ready) }
  } finally {
    await reference.stop()
  }
}
