import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ArgumentError, UnsupportedConfigError } from '../errors.ts'
import { DDIMScheduler, DPMSolverMultistepScheduler, SCHEDULERS, schedulerFromConfig } from './index.ts'

const PUBLISHED = {
  _class_name: 'DDIMScheduler',
  _diffusers_version: '0.15.0.dev0',
  beta_start: 0.00085,
  beta_end: 0.012,
  beta_schedule: 'scaled_linear',
  clip_sample: false,
  set_alpha_to_one: false,
  steps_offset: 1,
}

describe('a config of another class', () => {
  const ddim = new DDIMScheduler(PUBLISHED)

  it('fills in the defaults of the class that reads it', () => {
    expect(ddim.config.timestep_spacing).toBe('leading')
    const dpm = DPMSolverMultistepScheduler.fromConfig(ddim.config)
    expect(dpm.config).toMatchObject({ timestep_spacing: 'linspace', solver_order: 2, beta_schedule: 'scaled_linear', steps_offset: 1 })
    dpm.setTimesteps(4)
    expect(dpm.timesteps).toEqual([999, 749, 500, 250])
  })

  it('carries what was given, there and back', () => {
    const dpm = DPMSolverMultistepScheduler.fromConfig({ ...ddim.config, timestep_spacing: 'trailing' })
    const back = DDIMScheduler.fromConfig(dpm.config)
    expect(back.config).toMatchObject({ timestep_spacing: 'trailing', clip_sample: false, set_alpha_to_one: false, clip_sample_range: 1 })
  })

  it('survives JSON', () => {
    const copy = JSON.parse(JSON.stringify(ddim.config)) as Record<string, unknown>
    expect(copy).toEqual({ ...PUBLISHED, _diffusers_version: undefined })
    expect(schedulerFromConfig(copy)).toEqual(ddim)
  })

  it('drops what a live object of the reference only defaulted to', () => {
    const dumped = {
      ...PUBLISHED,
      timestep_spacing: 'leading',
      trained_betas: null,
      _use_default_values: ['timestep_spacing', 'trained_betas'],
    }
    expect(schedulerFromConfig(dumped, 'DPMSolverMultistepScheduler').config.timestep_spacing).toBe('linspace')
  })
})

describe('a bad config', () => {
  it.each([
    ['num_train_timesteps', 0],
    ['num_train_timesteps', 1e9],
    ['num_train_timesteps', '1000'],
    ['beta_start', -0.1],
    ['beta_end', Number.NaN],
    ['beta_schedule', 'sigmoid'],
    ['trained_betas', [0.1, 'x']],
    ['trained_betas', [0.1, 0.2]],
    ['clip_sample', 1],
    ['prediction_type', 'flow_prediction'],
    ['timestep_spacing', 'Leading'],
    ['solver_order', 4],
    ['algorithm_type', 'dpmsolver'],
    ['final_sigmas_type', {}],
  ])('%s = %j is refused by name', (key, value) => {
    const known = SCHEDULERS.DDIMScheduler!.fromConfig({}).config
    const target = key in known ? DDIMScheduler : DPMSolverMultistepScheduler
    expect(() => target.fromConfig({ [key]: value })).toThrow(ArgumentError)
    expect(() => target.fromConfig({ [key]: value })).toThrow(key)
  })

  it.each([{ use_dynamic_shifting: true }, { use_flow_sigmas: true }, { variance_type: 'learned' }])('%j is not built', (config) => {
    expect(() => DPMSolverMultistepScheduler.fromConfig(config)).toThrow(UnsupportedConfigError)
    expect(() => DPMSolverMultistepScheduler.fromConfig(config)).toThrow(Object.keys(config)[0]!)
  })

  it('third order has no formula in the plain SDE form', () => {
    const config = { algorithm_type: 'sde-dpmsolver', final_sigmas_type: 'sigma_min', solver_order: 3 }
    expect(() => DPMSolverMultistepScheduler.fromConfig(config)).toThrow(UnsupportedConfigError)
  })

  it.each([undefined, null, 3, 'Sampler', 'constructor'])('an unknown class %j is answered with the known ones', (name) => {
    expect(() => schedulerFromConfig({ _class_name: name })).toThrow(/DDIMScheduler, DDPMScheduler, .*, LCMScheduler/)
  })

  it('whatever the JSON says, a scheduler or one of our errors comes out', () => {
    const keys = fc.constantFrom(...Object.keys(PUBLISHED), 'trained_betas', 'solver_order', 'thresholding', '__proto__', 'toString')
    fc.assert(
      fc.property(
        fc.dictionary(keys, fc.oneof(fc.jsonValue(), fc.double(), fc.constant('linear'))),
        fc.constantFrom(...Object.keys(SCHEDULERS)),
        (config, name) => {
          try {
            expect(schedulerFromConfig(config, name).config.num_train_timesteps).toBe(1000)
          } catch (error) {
            expect(error instanceof ArgumentError || error instanceof UnsupportedConfigError).toBe(true)
          }
        },
      ),
      { numRuns: 200 },
    )
  })
})
