// What leaves out part of the model's work, off unless it is asked for, since the result is another one. Guidance in a
// part of the schedule only: Kynkäänniemi et al. 2024, arXiv 2404.07724. The UNet's deep features taken from
// the step before: Ma et al. 2023, "DeepCache", arXiv 2312.00858. bench/tradeoff.ts measures what both cost and save.

import { ArgumentError } from '../errors.ts'
import type { GenerateOptions } from './options.ts'

/** As options and settings name them. */
export interface Evaluations {
  guidanceInterval?: readonly [number, number]
  cacheInterval?: number
  cacheDepth?: number
}

interface Schedule {
  numInferenceSteps: number
  guidanceScale: number
  /** Layers of the UNet's up blocks: a cached evaluation computes fewer. */
  upLayers: number
}

const DEFAULT_DEPTH = 1

/** What is on, with its defaults. Throws ArgumentError for what is out of range or does not go together. */
export function resolveEvaluations(options: GenerateOptions, schedule: Schedule): Evaluations {
  const interval = resolveInterval(options.guidanceInterval, schedule)
  const cache = resolveCache(options, schedule)
  if (interval && cache)
    throw new ArgumentError(
      'guidanceInterval and cacheInterval do not go together: features are kept of a whole guided step; leave one of them out',
    )
  return interval ? { guidanceInterval: interval } : { ...cache }
}

/** The whole schedule is no interval. */
function resolveInterval(given: unknown, { guidanceScale, numInferenceSteps }: Schedule): readonly [number, number] | undefined {
  if (given === undefined) return undefined
  if (!isInterval(given))
    throw new ArgumentError(
      `guidanceInterval is ${JSON.stringify(given)}; it must be two parts of the schedule, 0 <= start < end <= 1, for example [0.2, 0.8]`,
    )
  if (!(guidanceScale > 1))
    throw new ArgumentError(
      `guidanceInterval is [${given.join(', ')}], but guidanceScale ${guidanceScale} turns guidance off; leave it out`,
    )
  checkInterval({ guidanceInterval: given, numInferenceSteps })
  return given[0] === 0 && given[1] === 1 ? undefined : given
}

function isInterval(given: unknown): given is readonly [number, number] {
  if (!Array.isArray(given) || given.length !== 2) return false
  const [start, end] = given as unknown[]
  return typeof start === 'number' && typeof end === 'number' && start >= 0 && start < end && end <= 1
}

/** Throws ArgumentError when none of the steps from `first` on is guided. */
export function checkInterval(settings: Evaluations & { numInferenceSteps: number }, first = 0): void {
  const { guidanceInterval: interval, numInferenceSteps: steps } = settings
  if (!interval || Array.from({ length: steps - first }, (_, i) => isWithin(interval, first + i, steps)).some(Boolean)) return
  const which = first === 0 ? `${steps}` : `last ${steps - first} of ${steps}`
  throw new ArgumentError(
    `guidanceInterval is [${interval.join(', ')}], which holds none of the ${which} steps; widen it, or turn guidance off with guidanceScale 1`,
  )
}

/** Whether evaluation `index` of `total` lies in the interval: its middle decides. */
export function isWithin([start, end]: readonly [number, number], index: number, total: number): boolean {
  const middle = (index + 0.5) / total
  return start <= middle && middle < end
}

function resolveCache(
  { cacheInterval = 1, cacheDepth }: GenerateOptions,
  { numInferenceSteps, upLayers }: Schedule,
): Evaluations | undefined {
  if (!Number.isInteger(cacheInterval) || cacheInterval < 1 || cacheInterval > numInferenceSteps)
    throw new ArgumentError(
      `cacheInterval is ${cacheInterval}; it must be a whole number from 1, which is off, to the number of steps, ${numInferenceSteps}`,
    )
  if (cacheInterval === 1 && cacheDepth !== undefined)
    throw new ArgumentError(`cacheDepth is ${cacheDepth}, but nothing is cached; give a cacheInterval of 2 or more`)
  if (cacheInterval === 1) return undefined
  const depth = cacheDepth ?? DEFAULT_DEPTH
  if (!Number.isInteger(depth) || depth < 1 || depth >= upLayers)
    throw new ArgumentError(
      `cacheDepth is ${depth}; it must be a whole number from 1 to ${upLayers - 1}: this UNet has ${upLayers} up layers`,
    )
  return { cacheInterval, cacheDepth: depth }
}

/** Whether evaluation `index` of a run takes the deep features of an earlier one. */
export function isCached({ cacheInterval = 1 }: Evaluations, index: number): boolean {
  return index % cacheInterval !== 0
}
