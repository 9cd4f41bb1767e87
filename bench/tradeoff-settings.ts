// The ways to evaluate the UNet less often that bench/tradeoff.ts compares, and the share of its arithmetic that each
// one takes: counted from shapes, so that it holds on every machine.

import type { GenerateOptions } from 'kinora'
import { isWithin } from '../packages/kinora/src/pipelines/evaluations.ts'
import { totalFlops, type UNetSize, unetFlops } from './flops.ts'

/** What decides the order of a UNet's layers: skips are joined in the reverse order of their making. */
interface Layers {
  levels: number
  layersPerBlock: number
}

export interface Setting {
  group: 'fewer steps' | 'guidance interval' | 'cached features'
  label: string
  options: Pick<GenerateOptions, 'numInferenceSteps' | 'guidanceInterval' | 'cacheInterval' | 'cacheDepth'>
}

type Shapes = Readonly<Record<string, readonly number[]>>

const INTERVALS = [
  [0, 0.25],
  [0, 0.5],
  [0, 0.75],
  [0.25, 1],
  [0.5, 1],
  [0.1, 0.9],
  [0.25, 0.75],
] as const
const FEWER = [0.92, 0.84, 0.75, 0.67, 0.58, 0.5, 0.42, 0.33, 0.25]
const CACHE_INTERVALS = [2, 3, 4, 5]
const CACHE_DEPTHS = [1, 2, 3]

export function settingsOf(steps: number): Setting[] {
  const shorter = [...new Set(FEWER.map((part) => Math.round(part * steps)))]
  return [
    ...shorter.map((n): Setting => ({ group: 'fewer steps', label: `${n} steps`, options: { numInferenceSteps: n } })),
    ...INTERVALS.map(
      ([start, end]): Setting => ({
        group: 'guidance interval',
        label: `${start} to ${end}`,
        options: { numInferenceSteps: steps, guidanceInterval: [start, end] },
      }),
    ),
    ...CACHE_DEPTHS.flatMap((cacheDepth) =>
      CACHE_INTERVALS.map(
        (cacheInterval): Setting => ({
          group: 'cached features',
          label: `every ${cacheInterval}, depth ${cacheDepth}`,
          options: { numInferenceSteps: steps, cacheInterval, cacheDepth },
        }),
      ),
    ),
  ]
}

/** FLOP of a setting's UNet evaluations over those of all steps with guidance. */
export function workOf({ options }: Setting, steps: number, shapes: Shapes, size: UNetSize): number {
  const { numInferenceSteps = steps, guidanceInterval = [0, 1], cacheInterval = 1, cacheDepth = 0 } = options
  const guided = Array.from({ length: numInferenceSteps }, (_, i) => isWithin(guidanceInterval, i, numInferenceSteps)).filter(Boolean)
  const whole = Math.ceil(numInferenceSteps / cacheInterval)
  const evaluations = whole + (numInferenceSteps - whole) * shallowShare(shapes, size, cacheDepth)
  return (evaluations * (1 + guided.length / numInferenceSteps)) / (2 * steps)
}

/** Share of one evaluation's arithmetic that a cached one computes. */
export function shallowShare(shapes: Shapes, size: UNetSize, depth: number): number {
  const layers = layersOf(shapes)
  const shallow = Object.entries(shapes).map(([name, shape]) => [name, placeOf(name, layers) < depth ? shape : []] as const)
  return totalFlops(unetFlops(Object.fromEntries(shallow), size)) / totalFlops(unetFlops(shapes, size))
}

/** The least depth at which a cached evaluation computes this weight's layer. */
function placeOf(name: string, { levels, layersPerBlock }: Layers): number {
  const [, side, block, kind, index] = /^(down|up)_blocks\.(\d+)\.(\w+)\.(\d+)\./.exec(name) ?? []
  if (side === undefined) return name.startsWith('mid_block.') ? Number.POSITIVE_INFINITY : 0
  if (side === 'down') return Number(block) * (layersPerBlock + 1) + 1 + (kind === 'downsamplers' ? layersPerBlock - 1 : Number(index)) // cut behind it
  const layer = Number(block) * (layersPerBlock + 1) + (kind === 'upsamplers' ? layersPerBlock : Number(index))
  return levels * (layersPerBlock + 1) - 1 - layer
}

function layersOf(shapes: Shapes): Layers {
  const highest = (pattern: RegExp) => Math.max(...Object.keys(shapes).map((name) => Number(pattern.exec(name)?.[1] ?? 0)))
  return { levels: 1 + highest(/^down_blocks\.(\d+)\./), layersPerBlock: 1 + highest(/^down_blocks\.0\.resnets\.(\d+)\./) }
}
