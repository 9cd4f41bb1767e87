// The short names under which people know the schedulers, from A1111, ComfyUI and the papers, and what each
// means as a class and changes to the checkpoint's config. The mapping is the table of diffusers'
// documentation (api/schedulers/overview); samplers that it lists without a class have no name here.

import { ArgumentError } from '../errors.ts'
import { SCHEDULERS } from './index.ts'

/** A class and the config keys that make it the sampler of that name. */
export interface SchedulerChoice {
  readonly className: string
  readonly config: Readonly<Record<string, unknown>>
}

interface Row extends Partial<SchedulerChoice> {
  readonly className: string
  readonly aliases?: readonly string[]
  /** Which suffixes may follow. */
  readonly takes?: readonly Suffix[]
}

type Suffix = keyof typeof SUFFIXES

const SUFFIXES = {
  karras: { aliases: [], config: { use_karras_sigmas: true } },
  exponential: { aliases: [], config: { timestep_spacing: 'linspace', use_exponential_sigmas: true } },
  beta: { aliases: [], config: { timestep_spacing: 'linspace', use_beta_sigmas: true } },
  trailing: { aliases: ['sgm_uniform', 'simple'], config: { timestep_spacing: 'trailing' } },
} as const

const LONGEST = 60
const SIGMAS = ['karras', 'exponential', 'beta'] as const
const ALL = [...SIGMAS, 'trailing'] as const
const TRAILING = ['trailing'] as const

const ROWS: Readonly<Record<string, Row>> = {
  ddim: { className: 'DDIMScheduler', takes: TRAILING },
  ddpm: { className: 'DDPMScheduler', takes: TRAILING },
  pndm: { className: 'PNDMScheduler', takes: TRAILING },
  plms: { className: 'PNDMScheduler', config: { skip_prk_steps: true }, takes: TRAILING },
  'dpm++2m': { className: 'DPMSolverMultistepScheduler', aliases: ['dpmsolver', 'dpmsolver++'], takes: ALL },
  'dpm++2m_sde': { className: 'DPMSolverMultistepScheduler', config: { algorithm_type: 'sde-dpmsolver++' }, takes: ALL },
  'dpm++2s': { className: 'DPMSolverSinglestepScheduler', takes: SIGMAS },
  'dpm++sde': { className: 'DPMSolverSinglestepScheduler', takes: SIGMAS },
  dpm2: { className: 'KDPM2DiscreteScheduler', aliases: ['kdpm2'], takes: ALL },
  dpm2_a: { className: 'KDPM2AncestralDiscreteScheduler', aliases: ['dpm2_ancestral', 'kdpm2_a', 'kdpm2_ancestral'], takes: ALL },
  euler: { className: 'EulerDiscreteScheduler', takes: ALL },
  euler_a: { className: 'EulerAncestralDiscreteScheduler', aliases: ['euler_ancestral'], takes: TRAILING },
  heun: { className: 'HeunDiscreteScheduler', takes: ALL },
  lms: { className: 'LMSDiscreteScheduler', takes: ALL },
  deis: { className: 'DEISMultistepScheduler', takes: ALL },
  unipc: { className: 'UniPCMultistepScheduler', takes: ALL },
  lcm: { className: 'LCMScheduler' },
}

/** Every short name with every suffix it takes: `euler`, `euler_karras`, ... */
export const SCHEDULER_NAMES: readonly string[] = Object.entries(ROWS).flatMap(([name, { takes = [] }]) => [
  name,
  ...takes.map((suffix) => `${name}_${suffix}`),
])

/** The same in a sentence, for help texts. */
export const SCHEDULER_NAMES_HELP = `${Object.keys(ROWS).join(', ')}; _karras, _exponential or _beta may follow all but ${namesWithout('karras')}; _trailing all but ${namesWithout('trailing')}`

/** What each normalized spelling means, and the name to call it by. */
const CHOICES = new Map([...shortNames(), ...classNames()].map(([spelling, ...choice]) => [normalize(spelling), choice] as const))

/**
 * The class and config changes behind a short name or a class name, with or without "Scheduler"; case and separators do not
 * count: "DPM++ 2M Karras", "dpmpp_2m_karras". Throws ArgumentError listing the names, with the nearest one first.
 */
export function findScheduler(name: string): SchedulerChoice {
  const wanted = normalize(name)
  const found = CHOICES.get(wanted)
  if (found) return found[1]
  const near = wanted.length <= LONGEST ? nearest(wanted) : undefined
  const shown = JSON.stringify(name.length > LONGEST ? `${name.slice(0, LONGEST)}...` : name)
  throw new ArgumentError(
    `scheduler ${shown} is not known${near ? `; did you mean ${near}?` : ';'} take one of ${SCHEDULER_NAMES_HELP}; or a class name of diffusers: ${Object.keys(SCHEDULERS).join(', ')}`,
  )
}

function namesWithout(suffix: Suffix): string {
  const names = Object.entries(ROWS).filter(([, { takes = [] }]) => !takes.includes(suffix))
  return names.map(([name]) => name).join(', ')
}

type Spelling = readonly [spelling: string, name: string, choice: SchedulerChoice]

function shortNames(): Spelling[] {
  return Object.entries(ROWS).flatMap(([name, { className, config = {}, aliases = [], takes = [] }]) =>
    [name, ...aliases].flatMap((spelling) => [
      [spelling, name, { className, config }] as const,
      ...takes.flatMap((suffix) => {
        const choice = { className, config: { ...config, ...SUFFIXES[suffix].config } }
        return [suffix, ...SUFFIXES[suffix].aliases].map((word) => [`${spelling}_${word}`, `${name}_${suffix}`, choice] as const)
      }),
    ]),
  )
}

function classNames(): Spelling[] {
  return Object.keys(SCHEDULERS).flatMap((className) =>
    [className, className.replace('Scheduler', '')].map((spelling) => [spelling, className, { className, config: {} }] as const),
  )
}

function normalize(name: string): string {
  return name
    .toLowerCase()
    .replaceAll('++', 'pp')
    .replace(/[^a-z0-9]/g, '')
}

/** The name whose spelling takes the fewest edits; undefined when that is more than a third of it. */
function nearest(wanted: string): string | undefined {
  const ranked = [...CHOICES].map(([spelling, [name]]) => ({ name, edits: distance(wanted, spelling), most: spelling.length / 3 }))
  return ranked.filter(({ edits, most }) => edits <= most).sort((a, b) => a.edits - b.edits)[0]?.name
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++) next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + (a[i] === b[j] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}
