// The count against torch's own flop counter, run over diffusers' models on the meta device. Its
// UNet's matrix products exceed ours by what it repeats for every frame: the prompt's keys and values,
// and the projections of the time embedding.

import { expect, test } from 'vitest'
import { textFlops, totalFlops, unetFlops, vaeDecoderFlops } from './flops.ts'
import { fullSizeShapes } from './full-size.ts'

const shapes = fullSizeShapes('unet')
const crossWidths = Object.entries(shapes).flatMap(([name, shape]) => (/\.attentions\..*\.attn2\.to_k\./.test(name) ? [shape[0] ?? 0] : []))
const timeWidths = Object.entries(shapes).flatMap(([name, shape]) => (name.endsWith('time_emb_proj.weight') ? [shape[0] ?? 0] : []))
const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0)

test.each([
  { batch: 2, frames: 16, height: 32, width: 32, convolution: 4695774986240, attention: 287425691648, linear: 4791009607680 },
  { batch: 1, frames: 3, height: 20, width: 24, convolution: 210073190400, attention: 6414796800, linear: 217520865280 },
])('UNet, $batch x $frames x $height x $width', ({ convolution, attention, linear, ...size }) => {
  const flops = unetFlops(shapes, { ...size, tokens: 77 })
  const repeats = 2 * size.batch * (size.frames - 1)
  const repeated = repeats * (2 * 77 * 1024 * sum(crossWidths) + 1280 * sum(timeWidths))
  expect(flops.conv2d + flops.conv3d).toBe(convolution)
  expect(flops.attention).toBe(attention)
  expect(flops.linear + repeated).toBe(linear)
  expect(totalFlops(flops)).toBe(convolution + attention + flops.linear)
})

test.each([
  { height: 32, width: 32, conv2d: 617892315136, linear: 2147483648, attention: 2147483648 },
  { height: 20, width: 24, conv2d: 289637022720, linear: 1006632960, attention: 471859200 },
])('decoding one frame, $height x $width', ({ height, width, ...counted }) => {
  expect(vaeDecoderFlops(fullSizeShapes('vae'), { height, width })).toEqual({ ...counted, conv3d: 0 })
})

test('encoding one text', () => {
  expect(textFlops(fullSizeShapes('text_encoder'), 77)).toEqual({ linear: 44568674304, attention: 558559232, conv2d: 0, conv3d: 0 })
})
