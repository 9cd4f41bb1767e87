// The denoising loop: prompt and noise in, latents out, step by step. Follows the reference's order of
// random draws and its layouts exactly, since both decide what a seed means.

import { ArgumentError } from '../errors.ts'
import { buildUNet3D } from '../models/index.ts'
import type { Feeds, Session } from '../runtime/engine.ts'
import { Generator, randn } from '../tensor/random.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { tensor } from '../tensor/tensor.ts'
import { batchToFrames, concatBatch, framesToBatch, guide } from './latents.ts'
import type { ModelLimits } from './options.ts'
import type { Run } from './run.ts'
import { isGuided, report } from './run.ts'
import { encodePrompts } from './text-encoding.ts'

export interface DenoiseStep {
  /** Steps done, out of `total`. */
  step: number
  total: number
  timestep: number
  /** [B, C, F, h, w] after this step. */
  latents: Tensor<'float32'>
}

/** Leaving the loop early stops the work after the current step. */
export async function* denoiseLatents(run: Run, limits: ModelLimits): AsyncGenerator<DenoiseStep, void, undefined> {
  const { scheduler, settings, sessions } = run
  scheduler.setTimesteps(settings.numInferenceSteps)
  const prompt = await encodePrompts(run)
  const generator = new Generator(BigInt(settings.seed))
  let latents = startingLatents(run, limits, generator)
  const unet = await openUNet(run, latents.shape, prompt)
  const total = scheduler.timesteps.length
  report(run, { phase: 'denoising', step: 0, total })
  try {
    for (const [index, timestep] of scheduler.timesteps.entries()) {
      const predicted = await predict(run, unet, scheduler.scaleModelInput(latents, timestep), timestep)
      const stepped = scheduler.step(framesToBatch(predicted), timestep, framesToBatch(latents), { eta: settings.eta, generator })
      latents = batchToFrames(stepped, settings.numFrames)
      report(run, { phase: 'denoising', step: index + 1, total })
      yield { step: index + 1, total, timestep, latents }
    }
  } finally {
    await sessions.done('unet')
  }
}

/** Given or drawn, with the scheduler's standard deviation: [B, C, F, h, w] */
function startingLatents({ options, settings, scheduler }: Run, limits: ModelLimits, generator: Generator): Tensor<'float32'> {
  const { scaleFactor, latentChannels } = limits
  const { prompt, numFrames, height, width } = settings
  const shape = [prompt.length, latentChannels, numFrames, height / scaleFactor, width / scaleFactor]
  const given = options.latents
  if (given && given.shape.join() !== shape.join())
    throw new ArgumentError(`latents have the shape [${given.shape.join(', ')}], these settings need [${shape.join(', ')}]`)
  const noise = given ?? randn(shape, generator)
  const sigma = Math.fround(scheduler.initNoiseSigma)
  if (sigma === 1) return noise
  const scaled = noise.data.map((value) => value * sigma)
  return tensor('float32', shape, scaled)
}

async function openUNet(run: Run, latentShape: readonly number[], prompt: Feeds): Promise<Session> {
  const { files, sessions, options } = run
  const [batch, , frames, height, width] = latentShape as [number, number, number, number, number]
  const tokens = Object.values(prompt)[0]!.shape[1]!
  const shape = { batch: isGuided(run) ? batch * 2 : batch, frames, height, width, tokens }
  const key = JSON.stringify(shape)
  if (!sessions.has('unet', key)) report(run, { phase: 'loading', step: 0, total: 1 })
  const session = await sessions.get('unet', key, () => buildUNet3D(files.checkpoint.weights('unet'), files.unet, shape), options.signal)
  await session.hold(prompt)
  return session
}

/** The model's output [B, C, F, h, w]; with guidance both halves run as one batch. */
async function predict(run: Run, unet: Session, input: Tensor<'float32'>, timestep: number): Promise<Tensor<'float32'>> {
  const sample = isGuided(run) ? concatBatch([input, input]) : input
  const batch = sample.shape[0]!
  const times = tensor('float32', [batch], new Float32Array(batch).fill(timestep))
  const { out_sample } = await unet.run({ sample, timestep: times }, run.options.signal)
  const output = out_sample as Tensor<'float32'>
  return isGuided(run) ? guide(output, run.settings.guidanceScale) : output
}
