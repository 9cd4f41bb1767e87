// The two places where a scheduler meets noise: mixing it into clean samples, and drawing more of it
// inside a stochastic step. Float32 at every operation.

import { ArgumentError } from '../errors.ts'
import { type Generator, randn } from '../tensor/random.ts'
import { type Tensor, tensor } from '../tensor/tensor.ts'
import { alphaAt } from './beta.ts'

const f = Math.fround

/** alpha * original + sigma * noise, with one [alpha, sigma] for every batch row, or one for all. Throws ArgumentError on a mismatch. */
export function mixNoise(
  original: Tensor<'float32'>,
  noise: Tensor<'float32'>,
  scales: readonly (readonly [alpha: number, sigma: number])[],
): Tensor<'float32'> {
  checkSameShape('noise', noise, 'original', original)
  const rows = original.shape[0] ?? 1
  if (scales.length !== rows && scales.length !== 1)
    throw new ArgumentError(`addNoise got ${scales.length} timesteps for a batch of ${rows}; give one for each row, or one`)
  const out = new Float32Array(original.data.length)
  const length = out.length / scales.length
  scales.forEach(([alpha, sigma], row) => {
    for (let i = row * length; i < (row + 1) * length; i++) out[i] = f(alpha * original.data[i]!) + f(sigma * noise.data[i]!)
  })
  return tensor('float32', original.shape, out)
}

/** mixNoise at training timesteps, one for every batch row or one for all. Throws ArgumentError for one outside alphasCumprod. */
export function mixNoiseAt(
  alphas: Float32Array,
  original: Tensor<'float32'>,
  noise: Tensor<'float32'>,
  timesteps: readonly number[],
): Tensor<'float32'> {
  const scales = timesteps.map((timestep) => {
    const alpha = alphaAt(alphas, timestep)
    return [f(Math.sqrt(alpha)), f(Math.sqrt(f(1 - alpha)))] as const
  })
  return mixNoise(original, noise, scales)
}

/** Adds `scale` times fresh noise to `values`, in place. `what` names the setting that asks for it when there is no generator. */
export function addFreshNoise(values: Float32Array, scale: number, generator: Generator | undefined, what: string): void {
  const noise = randn([values.length], checkGenerator(generator, what)).data
  for (let i = 0; i < values.length; i++) values[i]! += f(scale * noise[i]!)
}

/** Returns `generator`. Throws ArgumentError when there is none although the setting `what` draws noise. */
export function checkGenerator(generator: Generator | undefined, what: string): Generator {
  if (generator) return generator
  throw new ArgumentError(`${what} draws noise: pass the generator that drew the latents to step()`)
}

export function checkSameShape(nameA: string, a: Tensor, nameB: string, b: Tensor): void {
  if (a.shape.length !== b.shape.length || a.shape.some((size, i) => size !== b.shape[i]))
    throw new ArgumentError(`${nameA} has shape [${a.shape.join(', ')}], ${nameB} [${b.shape.join(', ')}]; they must be equal`)
}

/** Throws ArgumentError when a step's values are not as many as those that an earlier step of the run left behind. */
export function checkSameRun(before: Float32Array | undefined, values: Float32Array): void {
  if (before && before.length !== values.length)
    throw new ArgumentError(`step() got ${values.length} values in a run of ${before.length}; call setTimesteps() to begin another run`)
}
