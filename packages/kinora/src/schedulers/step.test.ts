import { describe, expect, it } from 'vitest'
import { ArgumentError } from '../errors.ts'
import { Generator, randn } from '../tensor/random.ts'
import { type Tensor, tensor } from '../tensor/tensor.ts'
import { DDIMScheduler, DPMSolverMultistepScheduler, SCHEDULERS } from './index.ts'
import { dynamicThreshold } from './threshold.ts'

const noise = (seed: number, shape = [2, 1, 2, 2]): Tensor<'float32'> => randn(shape, new Generator(seed))

describe.each(Object.entries(SCHEDULERS))('%s', (name, Class) => {
  it.each([0, -1, 1.5, Number.NaN, 1001])('refuses %s steps', (steps) => {
    const scheduler = Class.fromConfig({})
    expect(() => scheduler.setTimesteps(steps)).toThrow(/whole number from 1 to 1000/)
    expect(scheduler.timesteps).toEqual([])
  })

  it('refuses to step before setTimesteps, and shapes or timesteps that do not fit', () => {
    const scheduler = Class.fromConfig({})
    expect(() => scheduler.step(noise(1), 999, noise(2))).toThrow(/setTimesteps/)
    scheduler.setTimesteps(5)
    expect(() => scheduler.step(noise(1, [1, 8]), scheduler.timesteps[0]!, noise(2))).toThrow(/\[1, 8\]/)
    for (const timestep of [-1, 1000, 0.5]) expect(() => scheduler.step(noise(1), timestep, noise(2))).toThrow(ArgumentError)
    for (const timestep of [-1, 1000, 0.5]) expect(() => scheduler.addNoise(noise(1), noise(2), [timestep])).toThrow(ArgumentError)
    expect(() => scheduler.addNoise(noise(1), noise(2), [...scheduler.timesteps].slice(0, 3))).toThrow(/batch of 2/)
  })

  it('leaves its inputs as they are and keeps the shape', () => {
    for (const prediction_type of ['epsilon', 'v_prediction', ...(name === 'PNDMScheduler' ? [] : ['sample'])]) {
      const scheduler = Class.fromConfig({ prediction_type, thresholding: true, sample_max_value: 2 })
      scheduler.setTimesteps(4)
      const [output, sample] = [noise(1), noise(2)]
      const generator = new Generator(3)
      for (const timestep of scheduler.timesteps) {
        expect(scheduler.scaleModelInput(sample, timestep).shape).toEqual([2, 1, 2, 2])
        expect(scheduler.step(output, timestep, sample, { generator }).shape).toEqual([2, 1, 2, 2])
      }
      expect([output, sample]).toEqual([noise(1), noise(2)])
    }
  })

  it('a second run after setTimesteps repeats the first', () => {
    const scheduler = Class.fromConfig({})
    const run = (): Tensor<'float32'> => {
      scheduler.setTimesteps(6)
      const generator = new Generator(3)
      return scheduler.timesteps.reduce((x, t, i) => scheduler.step(noise(i), t, x, { generator }), noise(0))
    }
    const first = run()
    expect(run()).toEqual(first)
    // Half a run leaves nothing behind either.
    scheduler.setTimesteps(9)
    scheduler.step(noise(1), scheduler.timesteps[0]!, noise(2), { generator: new Generator(4) })
    expect(run()).toEqual(first)
  })
})

// PNDM begins with Runge-Kutta steps of its own length, LCM has few steps to choose from: pndm.test.ts, lcm.test.ts.
const EVEN = Object.entries(SCHEDULERS).filter(([name]) => name !== 'PNDMScheduler' && name !== 'LCMScheduler')

describe.each(EVEN)('%s', (_, Class) => {
  it.each(['linspace', 'leading', 'trailing'])('%s gives each step its timesteps, all within training', (timestep_spacing) => {
    const scheduler = Class.fromConfig({ timestep_spacing })
    const wrong: number[] = []
    for (let steps = 1; steps < 500; steps += scheduler.order === 2 ? 20 : 3) {
      scheduler.setTimesteps(steps)
      const { timesteps } = scheduler
      const expected = scheduler.order === 2 ? 2 * steps - 1 : steps
      if (timesteps.length !== expected || !timesteps.every((timestep) => timestep >= 0 && timestep < 1000)) wrong.push(steps)
    }
    expect(wrong).toEqual([])
  })
})

it('noise inside a step needs a generator, and eta lies in [0, 1]', () => {
  const ddim = new DDIMScheduler()
  ddim.setTimesteps(5)
  expect(() => ddim.step(noise(1), 800, noise(2), { eta: 0.5 })).toThrow(/generator/)
  for (const eta of [-0.1, 1.1, Number.NaN]) expect(() => ddim.step(noise(1), 800, noise(2), { eta })).toThrow(/from 0 to 1/)
  const sde = new DPMSolverMultistepScheduler({ algorithm_type: 'sde-dpmsolver++' })
  sde.setTimesteps(5)
  expect(() => sde.step(noise(1), 999, noise(2))).toThrow(/generator/)
})

it('DDIM says why some schedules cannot start', () => {
  expect(() => new DDIMScheduler({ steps_offset: 1 }).setTimesteps(1000)).toThrow(/timestep 1000, beyond the last, 999/)
  const zeroSnr = new DDIMScheduler({ rescale_betas_zero_snr: true, timestep_spacing: 'trailing' })
  expect(() => zeroSnr.setTimesteps(5)).toThrow(/no signal/)
})

it('DPM-Solver says why some schedules cannot start', () => {
  expect(() => new DPMSolverMultistepScheduler({ lambda_min_clipped: Infinity }).setTimesteps(5)).toThrow(/lambda_min_clipped/)
  expect(() => new DPMSolverMultistepScheduler({ timestep_spacing: 'leading' }).setTimesteps(1000)).toThrow(/at most 999 steps/)
})

describe('a DPM-Solver run', () => {
  it('walks through repeated timesteps', () => {
    const scheduler = new DPMSolverMultistepScheduler({ use_karras_sigmas: true })
    scheduler.setTimesteps(150)
    expect(new Set(scheduler.timesteps).size).toBeLessThan(150)
    const last = scheduler.timesteps.reduce((x, t) => scheduler.step(noise(t), t, x), noise(0))
    expect(last.data.every(Number.isFinite)).toBe(true)
    expect(() => scheduler.step(noise(1), 0, last)).toThrow(/over/)
  })

  it('begins midway where it is told to, at a repeated timestep too', () => {
    const scheduler = new DPMSolverMultistepScheduler({ use_karras_sigmas: true })
    scheduler.setTimesteps(150)
    const repeated = scheduler.timesteps.findIndex((t, i) => t === scheduler.timesteps[i + 1])
    scheduler.setBeginIndex(repeated)
    const mixed = scheduler.addNoise(tensor('float32', [1], Float32Array.of(0)), tensor('float32', [1], Float32Array.of(1)), [
      scheduler.timesteps[repeated]!,
    ])
    const sigma = scheduler.sigmas[repeated]!
    expect(mixed.data[0]).toBeCloseTo(sigma / Math.sqrt(sigma ** 2 + 1), 6)
    const rest = scheduler.timesteps.slice(repeated)
    expect(() => rest.reduce((x, t) => scheduler.step(noise(t), t, x), noise(0))).not.toThrow()
    expect(() => scheduler.setBeginIndex(150)).toThrow(ArgumentError)
  })
})

it('dynamic thresholding scales each row by its own quantile', () => {
  // torch.quantile(|x|, 0.9) of the rows: 4.6 and 0.9.
  const values = Float32Array.of(1, -2, 3, -4, 5, 0.1, 0.2, -0.3, 0.4, 1.2333334)
  dynamicThreshold(values, 2, 0.9, 3)
  expect([...values.subarray(0, 5)]).toEqual([1 / 3, -2 / 3, 1, -1, 1].map(Math.fround))
  expect([...values.subarray(5)]).toEqual([0.1, 0.2, -0.3, 0.4, 1].map(Math.fround))
  const wide = Float32Array.of(1, -2, 3, -4, 5)
  dynamicThreshold(wide, 1, 0.9, 100)
  expect(wide[4]).toBe(1)
  expect(wide[0]).toBeCloseTo(1 / 4.6, 6)
})
