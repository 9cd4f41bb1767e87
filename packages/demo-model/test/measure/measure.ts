// What a video shows, from its pixels alone: colours, shape, size and motion of one subject on a plain ground.
// It knows the words the demo checkpoint was taught, but not what was asked for; see expectation.ts for that.
import type { Tensor } from '../../../kinora/src/tensor/tensor.ts'
import { findSubject, type Mask } from './mask.ts'
import { areaRatio, nameMotion } from './motion.ts'
import { type Outline, outline, turnOf } from './outline.ts'
import { SYMMETRY, unitArea } from './shapes.ts'
import { type Background, type Color, type Motion, names, SHAPES, type Shape, SIZES, type Size } from './vocabulary.ts'

export interface Measured {
  readonly background: Background | undefined
  readonly color: Color | undefined
  readonly shape: Shape | undefined
  /** Mean overlap of the subject's masks with the shape it was taken for, in [0, 1]. */
  readonly shapeOverlap: number
  readonly size: Size | undefined
  readonly motion: Motion | undefined
  /** Centre of the subject in [-1, 1], x right and y down, one per frame in which it is seen. */
  readonly path: readonly (readonly [x: number, y: number])[]
  /** Area at the end over area at the beginning. */
  readonly areaRatio: number
  /** Whole turn in radians, clockwise. */
  readonly spin: number
  readonly water: boolean
}

interface Seen {
  readonly mask: Mask
  readonly outline: Outline
}

/** A mask must fill this much of a shape, and be filled by it, to be taken for it. */
const LEAST_OVERLAP = 0.7

/** The shape with the best mean overlap over all frames in which the picture's edge does not cut the subject. */
function nameShape(seen: readonly Seen[]): { shape: Shape | undefined; overlap: number } {
  const whole = seen.filter(({ outline }) => !outline.cut)
  const judged = whole.length > 0 ? whole : seen
  if (judged.length === 0) return { shape: undefined, overlap: 0 }
  const means = names(SHAPES).map((shape) => {
    const sum = judged.reduce((total, { outline }) => total + outline.overlap[shape], 0)
    return { shape, overlap: sum / judged.length }
  })
  const best = means.reduce((a, b) => (b.overlap > a.overlap ? b : a))
  return best.overlap >= LEAST_OVERLAP ? best : { shape: undefined, overlap: best.overlap }
}

/** The subject's turn summed from frame to frame, each step the smallest that the shape's symmetry allows. */
function totalSpin(seen: readonly Seen[], width: number, shape: Shape | undefined): number {
  const period = shape === undefined ? 0 : SYMMETRY[shape]
  if (shape === undefined || period === 0) return 0
  const turns = seen.map(({ mask, outline }) => turnOf(mask, width, outline, shape))
  return turns.slice(1).reduce((total, turn, i) => {
    const step = turn - turns[i]!
    return total + step - period * Math.round(step / period)
  }, 0)
}

function nameSize(seen: readonly Seen[], shape: Shape | undefined): Size | undefined {
  if (shape === undefined) return undefined
  const areas = seen.map(({ outline }) => outline.area).sort((a, b) => a - b)
  const radius = Math.sqrt((4 * areas[areas.length >> 1]!) / unitArea(shape))
  return names(SIZES).reduce((a, b) => (Math.abs(SIZES[b] - radius) < Math.abs(SIZES[a] - radius) ? b : a))
}

/** Measures frames [F, H, W, 3] with values in [0, 1]. */
export function measureVideo(frames: Tensor<'float32'>): Measured {
  const width = frames.shape[2]!
  const { background, color, water, masks } = findSubject(frames)
  const seen = masks.flatMap((mask): Seen[] => {
    const found = outline(mask, width)
    return found === undefined ? [] : [{ mask, outline: found }]
  })
  const { shape, overlap } = nameShape(seen)
  const spin = totalSpin(seen, width, shape)
  const x = seen.map(({ outline }) => outline.x)
  const y = seen.map(({ outline }) => outline.y)
  const area = seen.map(({ outline }) => outline.area)
  // A subject that vanishes for more than a frame or two shows none of the motions.
  const steady = seen.length >= 0.85 * masks.length
  return {
    background,
    color,
    shape,
    shapeOverlap: overlap,
    size: nameSize(seen, shape),
    motion: steady ? nameMotion({ x, y, area, spin, water }) : undefined,
    path: x.map((value, i) => [value, y[i]!] as const),
    areaRatio: seen.length > 0 ? areaRatio(area) : 1,
    spin,
    water,
  }
}
