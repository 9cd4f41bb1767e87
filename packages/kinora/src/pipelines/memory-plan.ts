// Which of the ways to save memory a generation takes: the fastest set of them that stays below a limit,
// or within what the machine has free. memory.ts says what each set takes. Nothing is loaded or run here.

import { ArgumentError } from '../errors.ts'
import type { Estimator, MemoryEstimate, MemoryLevers } from './memory.ts'
import { NO_LEVERS } from './memory.ts'
import type { Settings } from './settings.ts'

/** What a generation may take, in bytes. */
export interface MemoryBudget {
  /** Never more than this, as the user asked. */
  readonly limit?: number | undefined
  /** Free when the model was opened; undefined where the system does not tell. */
  readonly available?: number | undefined
}

/** How a generation is kept within its memory. */
export interface MemoryPlan extends MemoryLevers {
  readonly estimate: MemoryEstimate
  /** What is done to save memory, in words; [] when nothing is. */
  readonly measures: readonly string[]
  /** Not even this plan fits into the memory that is free. */
  readonly tooLarge: boolean
}

const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
  TIB: 2 ** 40,
}

/** Ways to run the UNet, the fastest first. */
const UNET_WAYS: readonly Omit<MemoryLevers, 'tiles'>[] = [
  { halves: false, parts: 1, arena: true },
  { halves: true, parts: 1, arena: true },
  { halves: false, parts: 1, arena: false },
  { halves: true, parts: 1, arena: false },
  { halves: false, parts: 6, arena: false },
  { halves: true, parts: 6, arena: false },
  { halves: true, parts: 20, arena: false },
]

/** What a plan may turn out to take, for each byte of its estimate: docs/performance.md compares the two. */
export const SPARE = 1.1

/** A number of bytes, or a text such as 8GiB or 500 MB. Throws ArgumentError. */
export function parseBytes(name: string, value: number | string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([kmgt]?i?b)?\s*$/i.exec(String(value))
  const unit = UNITS[match?.[2]?.toUpperCase() ?? 'B']
  const bytes = match && unit !== undefined ? Math.floor(Number(match[1]) * unit) : Number.NaN
  if (!(bytes > 0 && Number.isSafeInteger(bytes)))
    throw new ArgumentError(`${name} is ${value}; it must be a number of bytes, or a size such as 8GiB or 500MB`)
  return bytes
}

/** Throws ArgumentError when no plan stays below the limit; without one, the leanest is taken where none fits. */
export function planMemory(settings: Settings, estimate: Estimator, { limit, available }: MemoryBudget): MemoryPlan {
  const budget = limit ?? available ?? Number.POSITIVE_INFINITY
  const ways = waysFor(settings)
  let leanest: MemoryPlan | undefined
  for (const levers of ways) {
    const bytes = estimate(settings, levers)
    const plan: MemoryPlan = { ...levers, estimate: bytes, measures: measuresOf(levers, settings), tooLarge: bytes.total * SPARE > budget }
    if (!plan.tooLarge) return plan
    if (leanest === undefined || bytes.total < leanest.estimate.total) leanest = plan
  }
  if (limit !== undefined)
    throw new ArgumentError(
      `these settings take at least ${gib(leanest!.estimate.total * SPARE)}, the memory limit is ${gib(limit)}; ${helps(settings)} take less`,
    )
  return leanest!
}

/** Every set of levers that makes a difference, the fastest first. Tiles are last, since they change the pixels. */
function waysFor({ guidanceScale, guidanceInterval, cacheInterval, vaeTiling }: Settings): MemoryLevers[] {
  const whole = guidanceScale > 1 && guidanceInterval === undefined && cacheInterval === undefined
  const unet = UNET_WAYS.filter(({ halves, parts }) => (whole || !halves) && (cacheInterval === undefined || parts === 1))
  const most = whole || cacheInterval !== undefined ? unet : [...unet, { ...unet.at(-1)!, parts: UNET_WAYS.at(-1)!.parts }]
  return (vaeTiling ? [true] : [false, true]).flatMap((tiles) => most.map((way) => ({ ...NO_LEVERS, ...way, tiles })))
}

function measuresOf({ halves, parts, arena, tiles }: MemoryLevers, { vaeTiling }: Settings): string[] {
  return [
    ...(halves ? ['the halves of guidance run one after the other'] : []),
    ...(parts > 1 ? [`the UNet is loaded in up to ${parts} parts at every step`] : []),
    ...(arena ? [] : ['tensors give their memory back at once']),
    ...(tiles && vaeTiling !== true ? ['frames larger than a tile are decoded in tiles, which changes their pixels a little'] : []),
  ]
}

function helps({ numFrames, precision }: Settings): string {
  return [...(numFrames > 1 ? ['fewer frames'] : []), 'a smaller size', ...(precision === undefined ? ['precision int8'] : [])].join(' or ')
}

function gib(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`
}
