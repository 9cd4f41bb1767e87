// The denoising loop: prompt and noise in, latents out, step by step. Follows the reference's order of
// random draws and its layouts exactly, since both decide what a seed means.

import { ArgumentError } from '../errors.ts'
import { buildUNet3D, cacheCuts } from '../models/index.ts'
import type { Target } from '../onnx/graph.ts'
import { balancedCuts, splitGraph } from '../onnx/split.ts'
import type { Feeds, Session } from '../runtime/engine.ts'
import { Generator } from '../tensor/random.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { tensor } from '../tensor/tensor.ts'
import { isCached } from './evaluations.ts'
import { guide } from './guidance.ts'
import { runHalves, splitHalves } from './halves.ts'
import { batchToFrames, framesToBatch, rollFrames, writeFirstFrames } from './latents.ts'
import type { DenoiseStep } from './options.ts'
import type { Run } from './run.ts'
import { isGuided, isGuidedAt, leversOf, report, runsHalves } from './run.ts'
import { encodePrompts } from './text-encoding.ts'

type Float = Tensor<'float32'>

/** Of the parts that cacheCuts() makes, the one whose outputs are kept. */
const DEEP_PART = 1

/** Where a run begins. */
export interface Start {
  /** [B, C, F, h, w] at the noise level of the first timestep. */
  latents: Float
  /** The scheduler's, or its end for a run that begins midway. */
  timesteps: readonly number[]
  /** First frames that are given: their clean latents and the noise that goes with them, [B, C, K, h, w]. */
  known?: { latents: Float; noise: Float }
}

interface UNet {
  session: Session
  /** Prompt of the unconditional half, where the halves run one after the other; the session holds the other one. */
  unconditional?: Feeds
}

/**
 * Denoises from where `begin` says, after the prompt is encoded; the generator is the run's only source of noise.
 * Leaving the loop early stops the work after the current step.
 */
export async function* denoiseLatents(
  run: Run,
  begin: (generator: Generator) => Promise<Start>,
): AsyncGenerator<DenoiseStep, void, undefined> {
  const { scheduler, settings, sessions } = run
  scheduler.setTimesteps(settings.numInferenceSteps)
  const prompt = await encodePrompts(run)
  const generator = new Generator(BigInt(settings.seed))
  const { timesteps, known, ...start } = await begin(generator)
  let latents = start.latents
  const unet = await openUNet(run, latents.shape, prompt)
  const total = timesteps.length
  report(run, { phase: 'denoising', step: 0, total })
  try {
    for (const [index, timestep] of timesteps.entries()) {
      if (known) latents = writeFirstFrames(latents, noised(run, known, timestep))
      const predicted = await predict(run, unet, scheduler.scaleModelInput(latents, timestep), timestep, index)
      const stepped = scheduler.step(framesToBatch(predicted), timestep, framesToBatch(latents), { eta: settings.eta, generator })
      latents = batchToFrames(stepped, settings.numFrames)
      if (known && index === total - 1) latents = writeFirstFrames(latents, known.latents)
      report(run, { phase: 'denoising', step: index + 1, total })
      const step = { step: index + 1, total, timestep, latents }
      latents = await replaced(run, step)
      yield { ...step, latents }
    }
  } finally {
    await sessions.done('unet')
  }
}

/** The given frames at the noise level of a timestep, [B, C, K, h, w]. */
function noised({ scheduler }: Run, { latents, noise }: Required<Start>['known'], timestep: number): Float {
  const mixed = scheduler.addNoise(framesToBatch(latents), framesToBatch(noise), [timestep])
  return batchToFrames(mixed, latents.shape[2]!)
}

/** The step's latents, or those that the caller puts in their place. */
async function replaced({ options }: Run, step: DenoiseStep): Promise<Float> {
  const given = await options.callbackOnStepEnd?.(step)
  if (!given) return step.latents
  if (given.shape.join() !== step.latents.shape.join())
    throw new ArgumentError(
      `callbackOnStepEnd returned latents [${given.shape.join(', ')}]; they must stay [${step.latents.shape.join(', ')}]`,
    )
  return given
}

async function openUNet(run: Run, latentShape: readonly number[], prompt: Feeds): Promise<UNet> {
  const { files, sessions, options, settings } = run
  const { parts, arena } = leversOf(run)
  const [batch, , frames, height, width] = latentShape as [number, number, number, number, number]
  const tokens = Object.values(prompt)[0]!.shape[1]!
  const shape = { batch, guided: isGuided(run) && !runsHalves(run), frames, height, width, tokens }
  const cuts = settings.cacheInterval === undefined ? undefined : cacheCuts(files.unet, settings.cacheDepth!)
  const key = JSON.stringify({ ...shape, cuts, parts, arena })
  const int8 = sessions.has('unet', key) ? undefined : await files.int8UNet?.(options)
  const weights = int8 ?? files.checkpoint.weights('unet')
  const build = (target: Target) => {
    const whole = buildUNet3D(weights, files.unet, { ...shape, target })
    if (cuts) return splitGraph(whole, cuts)
    return parts === 1 ? whole : splitGraph(whole, balancedCuts(whole, parts))
  }
  if (!sessions.has('unet', key)) report(run, { phase: 'loading', step: 0, total: 1 })
  const partOptions = { arena, streamed: parts > 1, keep: cuts ? [DEEP_PART] : [] }
  const session = await sessions.get('unet', key, build, options.signal, partOptions)
  const { conditional, ...rest } = runsHalves(run) ? splitHalves(prompt) : { conditional: prompt }
  await session.hold(conditional)
  return { session, ...rest }
}

/** The model's output [B, C, F, h, w] at an evaluation of the run; with guidance both halves run as one batch, or one after the other. */
async function predict(run: Run, unet: UNet, latents: Float, timestep: number, index: number): Promise<Float> {
  const { settings, options } = run
  const cached = isCached(settings, index)
  // Cached features lie where the ring was cut when they were made.
  const shift = settings.loop ? ringShift(cached ? index - (index % settings.cacheInterval!) : index, settings.numFrames) : 0
  const input = rollFrames(latents, shift)
  const batch = input.shape[0]!
  const times = tensor('float32', [batch], new Float32Array(batch).fill(timestep))
  const feeds = { sample: input, timestep: times }
  const output =
    unet.unconditional && isGuidedAt(run, index)
      ? await runHalves(unet.session, feeds, unet.unconditional, options.signal)
      : ((await unet.session.run(feeds, options.signal, { reuse: cached ? [DEEP_PART] : [] })).out_sample as Float)
  const guided = output.shape[0]! > batch ? guide(output, settings.guidanceScale, settings.guidanceRescale) : output
  return rollFrames(guided, -shift)
}

/** Another place to cut the ring of frames at each step, spread evenly (golden ratio), so that no seam stays. */
function ringShift(index: number, frames: number): number {
  return Math.floor(frames * ((index * 0.618034) % 1))
}
