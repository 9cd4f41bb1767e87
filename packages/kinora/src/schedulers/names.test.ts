import { describe, expect, it } from 'vitest'
import { ArgumentError } from '../errors.ts'
import { SCHEDULERS, schedulerFromConfig } from './index.ts'
import { findScheduler, SCHEDULER_NAMES, SCHEDULER_NAMES_HELP } from './names.ts'

const PUBLISHED = { beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear', clip_sample: false, steps_offset: 1 }

describe('the table of the documentation', () => {
  const karras = { use_karras_sigmas: true }
  const sde = { algorithm_type: 'sde-dpmsolver++' }
  it.each([
    ['DPM++ 2M', 'DPMSolverMultistepScheduler', {}],
    ['DPM++ 2M Karras', 'DPMSolverMultistepScheduler', karras],
    ['DPM++ 2M SDE', 'DPMSolverMultistepScheduler', sde],
    ['DPM++ 2M SDE Karras', 'DPMSolverMultistepScheduler', { ...sde, ...karras }],
    ['DPM++ SDE', 'DPMSolverSinglestepScheduler', {}],
    ['DPM++ SDE Karras', 'DPMSolverSinglestepScheduler', karras],
    ['DPM2', 'KDPM2DiscreteScheduler', {}],
    ['DPM2 Karras', 'KDPM2DiscreteScheduler', karras],
    ['DPM2 a', 'KDPM2AncestralDiscreteScheduler', {}],
    ['DPM2 a Karras', 'KDPM2AncestralDiscreteScheduler', karras],
    ['Euler', 'EulerDiscreteScheduler', {}],
    ['Euler a', 'EulerAncestralDiscreteScheduler', {}],
    ['Heun', 'HeunDiscreteScheduler', {}],
    ['LMS', 'LMSDiscreteScheduler', {}],
    ['LMS Karras', 'LMSDiscreteScheduler', karras],
    ['Euler sgm_uniform', 'EulerDiscreteScheduler', { timestep_spacing: 'trailing' }],
    ['Euler simple', 'EulerDiscreteScheduler', { timestep_spacing: 'trailing' }],
    ['Euler exponential', 'EulerDiscreteScheduler', { timestep_spacing: 'linspace', use_exponential_sigmas: true }],
    ['Euler beta', 'EulerDiscreteScheduler', { timestep_spacing: 'linspace', use_beta_sigmas: true }],
  ])('%s', (name, className, config) => {
    expect(findScheduler(name)).toEqual({ className, config })
  })
})

it.each([
  ['dpmpp_2m_sde_karras', 'dpm++2m_sde_karras'],
  ['dpm_2_ancestral', 'dpm2_a'],
  ['EULER-ANCESTRAL', 'euler_a'],
  ['uni_pc', 'unipc'],
  ['  Uni PC Karras ', 'unipc_karras'],
  ['DPMSolver++', 'dpm++2m'],
])('%j is another spelling of %s', (spelling, name) => {
  expect(findScheduler(spelling)).toEqual(findScheduler(name))
})

it.each(Object.keys(SCHEDULERS))('%s is a name of itself, with or without "Scheduler"', (className) => {
  for (const name of [className, className.replace('Scheduler', ''), className.toLowerCase()])
    expect(findScheduler(name)).toEqual({ className, config: {} })
})

it.each([...SCHEDULER_NAMES])('%s can be built and run, and changes nothing but keys that its class knows', (name) => {
  const { className, config } = findScheduler(name)
  const scheduler = schedulerFromConfig({ ...PUBLISHED, ...config }, className)
  scheduler.setTimesteps(5)
  expect(scheduler.timesteps.length).toBeGreaterThanOrEqual(5)
  const defaults = Object.getPrototypeOf(scheduler.config) as Record<string, unknown>
  const known = Object.keys(config).filter((key) => Object.hasOwn(defaults, key))
  // Single-step DPM-Solver has one spacing of timesteps only, the one that the documentation asks for.
  const fixed = className === 'DPMSolverSinglestepScheduler' ? ['timestep_spacing'] : []
  expect(Object.keys(config).filter((key) => !known.includes(key) && !fixed.includes(key))).toEqual([])
})

it('every scheduler has a short name, and no two names are one', () => {
  const choices = SCHEDULER_NAMES.map((name) => findScheduler(name))
  expect(new Set(choices.map((choice) => choice.className))).toEqual(new Set(Object.keys(SCHEDULERS)))
  expect(new Set(SCHEDULER_NAMES.map((name) => name.replaceAll(/[^a-z0-9+]/g, ''))).size).toBe(SCHEDULER_NAMES.length)
})

describe('an unknown name', () => {
  it.each([
    ['eulr', 'euler'],
    ['DPM++ 2S a', 'dpm++2s'],
    ['heun_karas', 'heun_karras'],
    ['Euler a Karras', 'euler_karras'],
    ['DDIMSchedular', 'DDIMScheduler'],
  ])('%j suggests %s', (name, near) => {
    expect(() => findScheduler(name)).toThrow(ArgumentError)
    expect(() => findScheduler(name)).toThrow(`did you mean ${near}?`)
  })

  it.each(['', 'x', 'DPM fast', 'constructor', '__proto__', 'ü'.repeat(1e5), 'euler'.repeat(1e5)])('%.20j lists the names', (name) => {
    let message = ''
    try {
      findScheduler(name)
    } catch (error) {
      message = (error as ArgumentError).message
    }
    expect(message).toContain(SCHEDULER_NAMES_HELP)
    expect(message).toContain('UniPCMultistepScheduler')
    expect(message).not.toContain('did you mean')
    expect(message.length).toBeLessThan(1000)
  })
})
