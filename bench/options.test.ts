import { expect, test } from 'vitest'
import { parseOptions } from './options.ts'

test('defaults are the published size and both sides in float32', () => {
  const { options, output } = parseOptions('unet', ['--reference', 'python3'])
  expect(options).toMatchObject({
    frames: 16,
    height: 256,
    width: 256,
    guidance: 9,
    precision: 'float32',
    device: 'auto',
    dtype: 'float32',
  })
  expect(options).toMatchObject({ reference: 'python3', referenceDtype: 'float32' })
  expect(options).not.toHaveProperty('steps')
  expect(output).toEqual({})
})

test("what is the library's to judge goes through, and so does what follows --", () => {
  const args = ['--precision', 'int4', '--device', 'tpu', '--steps', '2', '--guidance', '1', '--', '--scheduler', 'lcm']
  const { options } = parseOptions('generate', args)
  expect(options).toMatchObject({
    precision: 'int4',
    device: 'tpu',
    steps: 2,
    guidance: 1,
    referenceGuidance: 1,
    totalSteps: 25,
    referenceTotalSteps: 25,
  })
  expect(options.passed).toEqual(['--scheduler', 'lcm'])
})

test('points of growth', () => {
  const { options } = parseOptions('growth', ['--points', '16x256x256,200x320x576', '--steps', '0'])
  expect(options.points).toEqual([
    { frames: 16, height: 256, width: 256 },
    { frames: 200, height: 320, width: 576 },
  ])
  expect(options.steps).toBe(0)
})

test.each([
  ['unet', ['--frames', '0'], '--frames 0: a whole number >= 1 is expected'],
  ['unet', ['--width', '250'], '--width 250: a whole number >= 1, a multiple of 8, is expected'],
  ['unet', ['--steps', '0'], '--steps 0: a whole number >= 1 is expected'],
  ['unet', ['--guidance', ''], '--guidance : a number is expected'],
  ['vae', ['--dtype', 'int8'], '--dtype int8: float32 or float16 is expected'],
  ['vae', ['--points', '16x256x256'], "Unknown option '--points'"],
  ['growth', ['--points', '16x256'], 'FRAMESxHEIGHTxWIDTH is expected'],
  ['text', ['--keep', '../x'], '--keep ../x: letters, digits and - are expected'],
  ['text', ['more'], 'Unexpected argument'],
] as const)('%s %s', (command, args, message) => {
  expect(() => parseOptions(command, args)).toThrow(message)
})
