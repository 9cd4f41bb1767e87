// The UNet's weights in int8: taken from Kinora's cache, or made there the first time. The engine quantizes
// a few weights at a time, so that the float ones are never in memory together.

import { int8Type } from '#engine'
import { openInt8 } from '#int8'
import type { Weights } from '../checkpoint/weights.ts'
import type { Int8Weight } from '../models/index.ts'
import { buildQuantizer, int8Name, int8Shape, int8Weights } from '../models/index.ts'
import { encodeModel } from '../onnx/model.ts'
import type { Engine, SessionOptions } from '../runtime/engine.ts'
import { elementCount, tensor } from '../tensor/tensor.ts'
import type { LoadedLora } from './adapters.ts'
import type { ModelFiles } from './model-files.ts'
import type { GenerateOptions } from './options.ts'

/** Gives the weights that a UNet is built with; called whenever one is loaded. */
export type UNetWeights = (watch: Pick<GenerateOptions, 'signal' | 'onProgress'>) => Promise<Weights>

/** Of the float weights that are quantized at a time; a single larger one goes alone. */
const BATCH_ELEMENTS = 2 ** 24
/** Steps of an int8 scale on either side of 0. */
const LEVELS = 127

/** Rejects with the signal's reason, EngineError, or CheckpointError when the cache cannot be written. */
export function int8UNet({ checkpoint }: ModelFiles, loras: readonly LoadedLora[], engine: Engine, options: SessionOptions): UNetWeights {
  return async ({ signal, onProgress }) => {
    const floats = checkpoint.weights('unet')
    const wanted = int8Weights(floats.entries())
    const dtype = int8Type()
    const tensors = wanted.map((each) => ({ name: int8Name(each), of: each.name, dtype, shape: int8Shape(each) }))
    const tell = (step: number) => {
      signal?.throwIfAborted()
      onProgress?.({ phase: 'quantizing', step, total: wanted.length })
    }
    const about = { model: checkpoint.source, adapters: loras.map(({ name, scale }) => ({ name, scale })) }
    return openInt8(
      floats.entries(),
      tensors,
      async (write) => {
        let done = 0
        for (const batch of batches(wanted)) {
          tell(done)
          const session = await engine.createSession(encodeModel(buildQuantizer(floats, batch, dtype)), options, signal)
          const results = await session.run({ levels: tensor('float32', [], Float32Array.of(LEVELS)) }, signal)
          await session.release()
          for (const name of batch.map(int8Name)) await write(name, results[`${name}.values`]!, results[`${name}.scale`]!)
          done += batch.length
        }
        tell(done)
      },
      { about, signal, onWait: () => tell(0) },
    )
  }
}

function batches(weights: readonly Int8Weight[]): Int8Weight[][] {
  const all: Int8Weight[][] = []
  let room = 0
  for (const each of weights) {
    const size = elementCount(each.shape)
    if (size > room) {
      all.push([])
      room = BATCH_ELEMENTS
    }
    all.at(-1)!.push(each)
    room -= size
  }
  return all
}
