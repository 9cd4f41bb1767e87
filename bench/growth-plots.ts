// How seconds and memory grow, as line plots over the pixels of a clip: along the frames at the smallest
// size, and along the size at the fewest frames. Dashed is what the arithmetic, or the library's own
// estimate, lets one expect.

import type { GrowthPoint } from './growth.ts'
import { kindOf, setup } from './kept.ts'
import { cpuKind } from './machine.ts'
import type { LinePlot, Series } from './plot/line-plot.ts'
import type { Axis } from './plot/scale.ts'
import type { ResultOf } from './result.ts'

type Growth = ResultOf<'growth'>
type Side = 'kinora' | 'reference'

const GIB = 2 ** 30

/** Name -> plot; nothing where nothing was measured. */
export function growthPlots(kept: readonly Growth[]): Map<string, LinePlot> {
  const results = joined(kept)
  const where = [...new Set(results.map(({ machine }) => cpuKind(machine)))].join('; ')
  const unet = lines(results, 'unet')
  const vae = lines(results, 'vae')
  const clip = { label: 'pixels of the clip, millions (frames x height x width)', log: true }
  const frame = { label: 'pixels of the frame, millions', log: true }
  const time = { label: 'seconds', log: true }
  const straight = { ...clip, log: false }
  const memory = { label: 'peak memory, GiB' }
  const plot = (title: string, x: Axis, y: Axis, shown: Series[]): LinePlot => {
    const description = `${title} against the number of pixels, on ${where}. The tables have the figures.`
    return { title, description, x, y, series: shown }
  }
  const plots: [string, LinePlot][] = [
    ['growth-seconds', plot('Seconds of a UNet step', clip, time, [...unet.flatMap(timeOf), ...unet.slice(0, 2).map(arithmeticOf)])],
    ['growth-rate', plot('Seconds per TFLOP of a UNet step', clip, { label: 'seconds per TFLOP' }, unet.flatMap(rateOf))],
    ['growth-memory', plot('Peak memory of a UNet step', straight, memory, [...unet.flatMap(memoryOf), ...unet.flatMap(estimateOf)])],
    [
      'growth-decode-seconds',
      plot('Seconds of decoding a frame', frame, time, [...vae.flatMap(timeOf), ...vae.slice(0, 1).map(arithmeticOf)]),
    ],
    ['growth-decode-memory', plot('Peak memory of decoding a frame', { ...frame, log: false }, memory, vae.flatMap(memoryOf))],
  ]
  return new Map(plots.filter(([, { series: shown }]) => shown.length > 0))
}

/** Points that were measured in several runs of one kind, as one result; a later point takes the place of an earlier one. */
function joined(kept: readonly Growth[]): Growth[] {
  return Object.values(Object.groupBy(kept, kindOf)).map((runs) => {
    const points = runs!.flatMap((run) => run.points)
    const byPlace = new Map(points.map((point) => [[point.part, point.frames, point.height, point.width].join(), point]))
    return { ...runs!.at(-1)!, points: [...byPlace.values()] }
  })
}

/** The points of one side along one direction. */
interface Line {
  name: string
  side: Side
  points: GrowthPoint[]
}

function lines(results: readonly Growth[], part: GrowthPoint['part']): Line[] {
  const several = new Set(results.map(({ machine }) => cpuKind(machine))).size > 1
  return results.flatMap((result) => {
    const guided = part === 'vae' || result.options.guidance > 1 ? '' : ', no guidance'
    const place = several ? `, ${cpuKind(result.machine)}` : ''
    const points = result.points.filter((point) => point.part === part)
    return (['kinora', 'reference'] as const).flatMap((side) => {
      const measured = points.filter((point) => point[side] !== undefined)
      const who = side === 'kinora' ? `kinora ${setup(result)}` : `diffusers ${result.options.referenceDtype}`
      return directions(measured).map(({ along, points: chosen }) => ({ name: `${who}${guided}, ${along}${place}`, side, points: chosen }))
    })
  })
}

/** A decoder's points differ in size alone. */
function directions(points: GrowthPoint[]): { along: string; points: GrowthPoint[] }[] {
  const [base] = points.toSorted((a, b) => pixels(a) - pixels(b))
  if (!base) return []
  const frames = points.filter(({ height, width }) => height === base.height && width === base.width)
  const sizes = points.filter((point) => point.frames === base.frames)
  const both = [
    { along: 'more frames', points: frames },
    { along: 'larger frames', points: sizes },
  ]
  const growing = both.filter((direction) => direction.points.length > 1)
  return growing.length > 0 ? growing : [both[0]!]
}

function pixels({ frames, height, width }: GrowthPoint): number {
  return (frames * height * width) / 1e6
}

function series({ name, points, side }: Line, value: (point: NonNullable<GrowthPoint[Side]>) => number): Series[] {
  return [{ name, points: points.map((point) => ({ x: pixels(point), y: value(point[side]!) })) }]
}

const timeOf = (line: Line): Series[] => series(line, ({ medianSeconds }) => medianSeconds)
const rateOf = (line: Line): Series[] => series(line, ({ secondsPerTflop }) => secondsPerTflop)
const memoryOf = (line: Line): Series[] => series(line, ({ peakBytes }) => peakBytes / GIB)

/** The smallest point's seconds per TFLOP, held. */
function arithmeticOf({ name, points, side }: Line): Series {
  const [base] = points.toSorted((a, b) => pixels(a) - pixels(b))
  const rate = base![side]!.secondsPerTflop
  return {
    name: `as the arithmetic grows (${name})`,
    like: name,
    dashed: true,
    points: points.map((point) => ({ x: pixels(point), y: rate * point.tflop })),
  }
}

function estimateOf({ name, points, side }: Line): Series[] {
  if (side === 'reference') return []
  return [
    {
      name: `estimated (${name})`,
      like: name,
      dashed: true,
      points: points.map((point) => ({ x: pixels(point), y: point.estimatedBytes / GIB })),
    },
  ]
}
