// A continued video as one: the given frames, then the new ones. The frames that both have are shown once.

import { ArgumentError } from '../errors.ts'
import { elementCount, type Tensor, tensor } from '../tensor/tensor.ts'
import { frameSize, resizeFrames } from './resize.ts'

/**
 * `given` [F, H, W, 3] followed by `added` ([K, h, w, 3], or [1, K, h, w, 3] as pipelines return it), whose first `overlap` frames repeat
 * the end of `given`; the given frames are brought to the added ones' size where that differs. The result has the rank of `added`
 * and F + K - overlap frames. Throws ArgumentError for other shapes and overlaps.
 */
export function joinFrames(given: Tensor<'float32'>, added: Tensor<'float32'>, overlap: number): Tensor<'float32'> {
  const size = frameSize(added)
  const [count = 0] = added.shape.slice(-4)
  if (given.shape.length !== 4 || elementCount(added.shape.slice(0, -4)) !== 1)
    throw new ArgumentError(
      `one video continues one: given are [${given.shape.join(', ')}] and [${added.shape.join(', ')}], not [F, H, W, 3] and [1, K, h, w, 3]`,
    )
  const most = Math.min(count, given.shape[0]!)
  if (!(Number.isInteger(overlap) && overlap >= 0 && overlap <= most))
    throw new ArgumentError(`overlap is ${overlap}; these videos can share 0 to ${most} frames`)
  const first = resizeFrames(given, size, 'bicubic')
  const rest = added.data.subarray(overlap * size.height * size.width * 3)
  const joined = tensor('float32', [...added.shape.slice(0, -4), first.shape[0]! + count - overlap, size.height, size.width, 3])
  joined.data.set(first.data)
  joined.data.set(rest, first.data.length)
  return joined
}
