// Over two hundred runs of the reference over random combinations of options, among them 1 and 2 steps and runs
// that begin midway as video to video does: timesteps and the last state. The recorded runs with every
// state are reference.test.ts.

import { describe, expect, it } from 'vitest'
import { readJson } from '../../test/support/json.ts'
import { denoise, worstError } from '../../test/support/toy-denoiser.ts'
import { Generator, randn } from '../tensor/random.ts'
import { type Tensor, tensor } from '../tensor/tensor.ts'
import { DDPMScheduler } from './ddpm.ts'
import { DEISMultistepScheduler } from './deis.ts'
import { DPMSolverMultistepScheduler } from './dpm-solver-multistep.ts'
import { DPMSolverSinglestepScheduler } from './dpm-solver-singlestep.ts'
import { LCMScheduler } from './lcm.ts'
import { PNDMScheduler } from './pndm.ts'
import type { Scheduler, SchedulerClass } from './scheduler.ts'
import { UniPCMultistepScheduler } from './unipc.ts'

interface Recording {
  published: Record<string, unknown>
  cases: Case[]
}

interface Case {
  class: string
  /** Whether the config holds `published` too. */
  published: boolean
  config: Record<string, unknown>
  steps: number
  /** Timesteps that are left out at the start. */
  skip: number
  seeds: [sample: number, noise: number, steps: number]
  timesteps: number[]
  final: number[]
}

const CLASSES: Record<string, SchedulerClass> = {
  DDPMScheduler,
  DEISMultistepScheduler,
  DPMSolverMultistepScheduler,
  DPMSolverSinglestepScheduler,
  LCMScheduler,
  PNDMScheduler,
  UniPCMultistepScheduler,
}

const { published, cases } = readJson<Recording>('expected/solver-options.json')

function noise(seed: number): Tensor<'float32'> {
  return randn([2, 1, 2, 3], new Generator(seed))
}

/** Half of the sample, noised at the first timestep that is left. */
function beginMidway(scheduler: Scheduler, { skip, seeds: [sample, added] }: Case): Tensor<'float32'> {
  const half = tensor(
    'float32',
    [2, 1, 2, 3],
    noise(sample).data.map((value) => value / 2),
  )
  scheduler.setBeginIndex?.(skip)
  const first = scheduler.timesteps[skip]!
  return scheduler.addNoise(half, noise(added), [first, first])
}

it('the recording holds every class', () => {
  expect(new Set(cases.map((c) => c.class))).toEqual(new Set(Object.keys(CLASSES)))
})

describe.each(Object.entries(CLASSES))('%s', (name, Class) => {
  it.each(cases.filter((c) => c.class === name))('$steps steps, $skip left out, $config', (c) => {
    const scheduler = Class.fromConfig(c.published ? { ...published, ...c.config } : c.config)
    scheduler.setTimesteps(c.steps)
    expect(scheduler.timesteps).toEqual(c.timesteps)
    const generator = new Generator(c.seeds[2])
    let x = c.skip > 0 ? beginMidway(scheduler, c) : noise(c.seeds[0])
    for (const t of scheduler.timesteps.slice(c.skip)) x = scheduler.step(denoise(x, t), t, x, { generator })
    expect(worstError(x.data, c.final)).toBeLessThan(1e-5)
  })
})
