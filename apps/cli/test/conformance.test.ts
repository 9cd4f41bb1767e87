// Seeded generations through the command line equal the reference's, like those through the library.

import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { relativeError } from '../../../packages/kinora/test/support/compare.ts'
import { fixture, readSafetensors } from '../../../packages/kinora/test/support/safetensors.ts'
import { emptyFolder, kinora, MS } from './support/cli.ts'

const BAR = 1e-3

const RUNS: Readonly<Record<string, readonly string[]>> = {
  ddim: ['Spiderman is surfing', '--seed', '7', '--steps', '5', '--frames', '4'],
  ddim_eta: ['Spiderman is surfing', '--seed', '8', '--steps', '5', '--frames', '3', '--eta', '0.7'],
  no_guidance: ['An astronaut riding a horse.', '--seed', '9', '--steps', '4', '--frames', '2', '--guidance', '1'],
  negative: ['An astronaut riding a horse.', '--seed', '10', '--steps', '4', '--frames', '2', '--guidance', '7.5', '-n', 'ice'],
  // The reference draws the noise of a whole batch from one seed: its first video is that of the prompt alone.
  batch: ['a red circle', '--seed', '11', '--steps', '3', '--frames', '2'],
  size: ['a panda eating bamboo on a rock', '--seed', '12', '--steps', '3', '--frames', '3', '--height', '32', '--width', '72'],
  clip_skip: ['a panda', '--seed', '13', '--steps', '3', '--frames', '2', '--clip-skip', '1'],
  dpmpp_2m: ['Darth Vader surfing a wave', '--seed', '14', '--steps', '8', '--frames', '4', '--scheduler', 'DPMSolverMultistepScheduler'],
  unipc: ['Darth Vader surfing a wave', '--seed', '15', '--steps', '6', '--frames', '2', '--scheduler', 'unipc'],
  euler_a: ['Darth Vader surfing a wave', '--seed', '16', '--steps', '6', '--frames', '2', '--scheduler', 'Euler a'],
}

describe('ms', () => {
  const expected = readSafetensors(fixture('expected/ms.safetensors'))

  test.concurrent.each(Object.entries(RUNS))('%s', async (name, args) => {
    const cwd = emptyFolder()
    const { code, stderr } = await kinora(['generate', '-m', MS, ...args, '-o', 'out.safetensors'], { cwd })
    expect(stderr).toContain('done in')
    expect(code).toBe(0)
    const actual = readSafetensors(join(cwd, 'out.safetensors'))
    for (const part of ['latents', 'frames']) {
      const reference = firstVideo(expected.get(`run.${name}.${part}`)!)
      expect(relativeError(actual.get(part)!, reference), part).toBeLessThan(BAR)
    }
  })
})

function firstVideo(tensor: NonNullable<ReturnType<ReturnType<typeof readSafetensors>['get']>>) {
  const [batch = 1, ...rest] = tensor.shape
  return { ...tensor, shape: [1, ...rest], data: tensor.data.slice(0, tensor.data.length / batch) }
}
