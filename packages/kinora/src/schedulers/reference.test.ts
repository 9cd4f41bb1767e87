// Every recorded run of the reference's schedulers that this library builds, driven by the same toy
// denoiser: timesteps, sigmas, model inputs, every state and addNoise. And some eighty runs over
// random combinations of options, of which the timesteps and the last state are recorded.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { expectTensor, fixture, readSafetensors } from '../../test/support/safetensors.ts'
import { Generator, randn } from '../tensor/random.ts'
import { type Tensor, tensor } from '../tensor/tensor.ts'
import { SCHEDULERS, schedulerFromConfig } from './index.ts'
import type { Scheduler } from './scheduler.ts'

interface Case {
  name: string
  class: string
  config: Record<string, unknown>
  steps: number
  order: number
  init_noise_sigma: number
  generator_seed: number
}

interface OptionsCase {
  class: string
  config: Record<string, unknown>
  steps: number
  eta: number
  start_seed: number
  generator_seed: number
  timesteps: number[]
  final: number[]
}

const f = Math.fround
const { cases } = JSON.parse(readFileSync(fixture('expected/schedulers.json'), 'utf8')) as { cases: Case[] }
const tensors = readSafetensors(fixture('expected/schedulers.safetensors'))
const built = cases.filter((c) => Object.hasOwn(SCHEDULERS, c.class))

/** 0.3 * x * cos(t / 300) + 0.1 * sin(x + t / 100), rounded to float32 after every operation. */
function denoise(x: Tensor<'float32'>, t: number): Tensor<'float32'> {
  const wave = f(Math.cos(f(t / 300)))
  const shift = f(t / 100)
  const data = x.data.map((value) => f(f(f(0.3) * value) * wave) + f(f(0.1) * f(Math.sin(f(value + shift)))))
  return tensor('float32', x.shape, data)
}

function run(scheduler: Scheduler, start: Tensor<'float32'>, seed: number, eta = 0) {
  const generator = new Generator(seed)
  let x = tensor(
    'float32',
    start.shape,
    start.data.map((value) => value * scheduler.initNoiseSigma),
  )
  const [inputs, states]: [number[], number[]] = [[], []]
  for (const t of scheduler.timesteps) {
    const input = scheduler.scaleModelInput(x, t)
    x = scheduler.step(denoise(input, t), t, x, { generator, eta })
    inputs.push(...input.data)
    states.push(...x.data)
  }
  return { inputs, states, last: x }
}

/** Largest difference, in units of the expected tensor's root mean square. */
function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length)
  let [worst, squares] = [0, 0]
  for (let i = 0; i < expected.length; i++) {
    worst = Math.max(worst, Math.abs(actual[i]! - expected[i]!))
    squares += expected[i]! ** 2
  }
  return worst / Math.sqrt(squares / expected.length)
}

it('the recording holds runs of every scheduler there is', () => {
  expect(new Set(built.map((c) => c.class))).toEqual(new Set(Object.keys(SCHEDULERS)))
})

describe.each(built)('$class $name', (c) => {
  const scheduler = schedulerFromConfig(c.config, c.class)
  scheduler.setTimesteps(c.steps)
  const start = expectTensor(tensors, `${c.name}.start`, 'float32')

  it('schedule', () => {
    expect(scheduler.order).toBe(c.order)
    expect(relativeError([scheduler.initNoiseSigma], [c.init_noise_sigma])).toBeLessThan(1e-6)
    expect([...scheduler.timesteps]).toEqual([...expectTensor(tensors, `${c.name}.timesteps`, 'float64').data])
    if ('sigmas' in scheduler) {
      const expected = expectTensor(tensors, `${c.name}.sigmas`, 'float64').data
      const actual = scheduler.sigmas as Float32Array
      expect(actual.length).toBe(expected.length)
      expect(expected.every((sigma, i) => Math.abs(actual[i]! - sigma) <= 1e-6 * sigma)).toBe(true)
    }
  })

  it('run', () => {
    const { inputs, states } = run(scheduler, start, c.generator_seed)
    expect(relativeError(inputs, expectTensor(tensors, `${c.name}.inputs`, 'float32').data)).toBeLessThan(1e-5)
    expect(relativeError(states, expectTensor(tensors, `${c.name}.states`, 'float32').data)).toBeLessThan(1e-5)
  })

  it('addNoise', () => {
    const timestep = scheduler.timesteps[Math.floor(scheduler.timesteps.length / 2)]!
    const noised = scheduler.addNoise(start, expectTensor(tensors, `${c.name}.noise`, 'float32'), [timestep, timestep])
    expect(relativeError(noised.data, expectTensor(tensors, `${c.name}.noised`, 'float32').data)).toBeLessThan(1e-6)
  })
})

const options = JSON.parse(readFileSync(fixture('expected/scheduler-options.json'), 'utf8')) as { cases: OptionsCase[] }

it.each(options.cases)('$class, $steps steps, eta $eta, $config', (c) => {
  const scheduler = schedulerFromConfig(c.config, c.class)
  scheduler.setTimesteps(c.steps)
  expect(scheduler.timesteps).toEqual(c.timesteps)
  const { last } = run(scheduler, randn([2, 1, 2, 3], new Generator(c.start_seed)), c.generator_seed, c.eta)
  expect(relativeError(last.data, c.final)).toBeLessThan(1e-5)
})
