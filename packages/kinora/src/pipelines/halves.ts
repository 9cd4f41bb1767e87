// The two halves of guidance one after the other, on a model of one of them. Less memory than both at once, the same
// model serves a step without guidance, and what both halves share is computed twice.

import type { Feeds, Session } from '../runtime/engine.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { tensor } from '../tensor/tensor.ts'
import { concatBatch } from './latents.ts'

type Float = Tensor<'float32'>

/** The prompt's feeds [2B, T, C] as two sets of [B, T, C]. */
export function splitHalves(prompt: Feeds): { unconditional: Feeds; conditional: Feeds } {
  const half = (which: 0 | 1): Feeds =>
    Object.fromEntries(Object.entries(prompt).map(([name, value]) => [name, halfOf(value as Float, which)]))
  return { unconditional: half(0), conditional: half(1) }
}

/** [2B, ...] -> [B, ...] */
function halfOf({ shape: [rows, ...rest], data }: Float, which: 0 | 1): Float {
  const size = data.length / 2
  return tensor('float32', [rows! / 2, ...rest], data.slice(which * size, (which + 1) * size))
}

/** The UNet's output for both halves, [2B, ...]; the session holds the conditional prompt. */
export async function runHalves(unet: Session, feeds: Feeds, unconditional: Feeds, signal?: AbortSignal): Promise<Float> {
  const first = await unet.run({ ...feeds, ...unconditional }, signal)
  const second = await unet.run(feeds, signal)
  return concatBatch([first.out_sample as Float, second.out_sample as Float])
}
