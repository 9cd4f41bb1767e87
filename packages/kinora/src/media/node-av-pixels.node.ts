// From FFmpeg's frames to packed RGB bytes of one layout and size. The matrix and range come from the
// frame's own tags; untagged ones are guessed as players guess.

import { AV_FRAME_FLAG_INTERLACED, AVCOL_RANGE_JPEG, AVCOL_SPC_BT709, AVCOL_SPC_RGB, AVCOL_SPC_UNSPECIFIED } from 'node-av/constants'
import { avGetPixFmtFromName, Frame, SoftwareScaleContext } from 'node-av/lib'
import { BYTES_PER_PIXEL, isHighDefinition, type PixelLayout } from './coded.ts'
import { check } from './node-av-input.node.ts'
import { SCALER_FLAGS } from './quality.ts'

/** Frames of another size are scaled to this one. Returns the same buffer each time. */
export function pixelReader(size: { width: number; height: number }, layout: PixelLayout): (frame: Frame) => Uint8Array {
  const scaler = new SoftwareScaleContext()
  scaler.allocContext()
  scaler.setOption('sws_flags', SCALER_FLAGS)
  const target = new Frame()
  target.alloc()
  target.width = size.width
  target.height = size.height
  target.format = avGetPixFmtFromName(layout)
  target.colorSpace = AVCOL_SPC_RGB
  target.colorRange = AVCOL_RANGE_JPEG
  check(target.getBuffer(), 'allocate a frame')
  const row = size.width * BYTES_PER_PIXEL[layout]
  const packed = new Uint8Array(row * size.height)
  return (frame) => {
    // Fields are left woven, as ffmpeg's scale filter does unless told otherwise.
    frame.clearFlags(AV_FRAME_FLAG_INTERLACED)
    if (frame.colorSpace === AVCOL_SPC_UNSPECIFIED && isHighDefinition(size)) frame.colorSpace = AVCOL_SPC_BT709
    // The same light and primaries as before: newer scalers would map them.
    target.colorPrimaries = frame.colorPrimaries
    target.colorTrc = frame.colorTrc
    check(scaler.scaleFrameSync(target, frame), 'convert a frame to RGB')
    const [pixels, stride] = [target.data?.[0], target.linesize[0]]
    if (!pixels || !stride) throw new Error('a converted frame holds no pixels')
    for (let y = 0; y < size.height; y++) packed.set(pixels.subarray(y * stride, y * stride + row), y * row)
    return packed
  }
}
