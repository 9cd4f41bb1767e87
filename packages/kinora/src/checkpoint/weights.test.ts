// The cursor: paths, what was taken, and messages that name path, shapes and file.

import { expect, it } from 'vitest'
import { CheckpointError } from '../errors.ts'
import { type WeightEntry, Weights } from './weights.ts'

const entry = (shape: number[], extra: Partial<WeightEntry> = {}): WeightEntry => ({
  dtype: 'float16',
  shape,
  path: '/m/unet.safetensors',
  byteOffset: 0,
  byteLength: 2 * shape.reduce((product, size) => product * size, 1),
  ...extra,
})

const weights = () =>
  Weights.from(
    new Map([
      ['conv_in.weight', entry([8, 4])],
      ['down_blocks.0.conv.weight', entry([2])],
      ['down_blocks.10.conv.weight', entry([3])],
      ['mid.to_q.weight', entry([4, 4], { file: 'm/vae.safetensors', nameInFile: 'mid.query.weight' })],
    ]),
  )

it('walks by path and remembers what was taken', () => {
  const root = weights()
  const block = root.at('down_blocks').at(0)
  expect(block.path).toBe('down_blocks.0')
  expect(block.has('conv.weight')).toBe(true)
  expect(block.get('conv.weight', [2])).toMatchObject({ name: 'down_blocks.0.conv.weight', byteLength: 4 })
  expect(root.at('down_blocks').unused()).toEqual(['down_blocks.10.conv.weight'])
  expect(root.at('down_blocks.1').unused()).toEqual([])
  expect(root.size()).toEqual({ bytes: 106, parameters: 53 })
  expect(root.files()).toEqual(['/m/unet.safetensors'])
})

it('names path, shapes and file of a missing or misshapen tensor', () => {
  const root = weights()
  expect(() => root.at('up').get('bias', [4, 2])).toThrow(
    new CheckpointError('up.bias [4, 2] is missing from /m/unet.safetensors, m/vae.safetensors'),
  )
  expect(() => root.get('conv_in.weight', [4, 8])).toThrow(
    new CheckpointError('conv_in.weight has shape [8, 4], the config asks for [4, 8] (/m/unet.safetensors)'),
  )
  expect(() => root.get('mid.to_q.weight', [4])).toThrow(
    new CheckpointError('mid.to_q.weight (mid.query.weight in the file) has shape [4, 4], the config asks for [4] (m/vae.safetensors)'),
  )
  expect(() => Weights.from(new Map()).get('w', [])).toThrow('w [] is missing from an empty checkpoint')
})

it('names tensors that nothing took', () => {
  const root = weights()
  root.get('conv_in.weight', [8, 4])
  expect(() => root.assertAllUsed()).toThrow(
    new CheckpointError(
      'the config has no place for down_blocks.0.conv.weight [2], down_blocks.10.conv.weight [3], ' +
        'mid.to_q.weight (mid.query.weight in the file) [4, 4] (/m/unet.safetensors, m/vae.safetensors)',
    ),
  )
  root.at('down_blocks.0.conv').get('weight', [2])
  root.at('down_blocks.10.conv').get('weight', [3])
  root.at('mid.to_q').get('weight', [4, 4])
  root.assertAllUsed()
})
