// From pixels to a mask: which background, is there a sea, which colour is the subject, and where is it.
// Every decision is "nearest of the colours the model was taught"; nothing here knows what was asked for.
import type { Tensor } from '../../../kinora/src/tensor/tensor.ts'
import { BACKGROUNDS, type Background, COLORS, type Color, names, type Rgb, WATER } from './vocabulary.ts'

/** The subject in one frame: [height, width] of 0 and 1. */
export type Mask = Uint8Array

export interface Subject {
  readonly background: Background | undefined
  readonly color: Color | undefined
  readonly water: boolean
  /** One per frame; empty where the subject cannot be seen. */
  readonly masks: readonly Mask[]
}

/** A measured colour counts as a taught one up to this Euclidean distance in RGB; navy and black are 0.23 apart. */
const SAME_BACKGROUND = 0.15
const SAME_COLOR = 0.3

function distance(data: Float32Array, at: number, [r, g, b]: Rgb): number {
  return Math.hypot(data[at]! - r, data[at + 1]! - g, data[at + 2]! - b)
}

function nearest<K extends string>(table: Record<K, Rgb>, color: Rgb, within: number): K | undefined {
  const pixel = Float32Array.from(color)
  let best: K | undefined
  let least = within
  for (const name of names(table)) {
    const d = distance(pixel, 0, table[name])
    if (d < least) [best, least] = [name, d]
  }
  return best
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!
}

/** The background as seen in the two upper corners, which no subject and no sea ever covers for long. */
function cornerColor({ shape, data }: Tensor<'float32'>): Rgb {
  const [frames, height, width] = shape as [number, number, number]
  const patch = Math.max(2, width >> 4)
  const channels: [number[], number[], number[]] = [[], [], []]
  for (let f = 0; f < frames; f++) {
    for (let y = 0; y < patch; y++) {
      for (let x = 0; x < 2 * patch; x++) {
        const column = x < patch ? x : width - 1 - (x - patch)
        const at = ((f * height + y) * width + column) * 3
        for (let c = 0; c < 3; c++) channels[c]!.push(data[at + c]!)
      }
    }
  }
  return [median(channels[0]), median(channels[1]), median(channels[2])]
}

/** Is most of the lowest eighth of the picture sea? */
function hasWater({ shape, data }: Tensor<'float32'>, ground: Rgb): boolean {
  const [frames, height, width] = shape as [number, number, number]
  const top = height - (height >> 3)
  let sea = 0
  for (let f = 0; f < frames; f++) {
    for (let at = (f * height + top) * width * 3; at < (f + 1) * height * width * 3; at += 3) {
      const d = distance(data, at, WATER)
      if (d < 0.2 && d < distance(data, at, ground) && d < distance(data, at, COLORS.blue)) sea++
    }
  }
  return sea > 0.6 * frames * (height - top) * width
}

/** The taught colour that most pixels outside background and sea are near to. */
function dominantColor(data: Float32Array, behind: readonly Rgb[], ground: Background | undefined): Color | undefined {
  const votes = new Map<Color, number>()
  const candidates = names(COLORS).filter((name) => name !== ground)
  for (let at = 0; at < data.length; at += 6) {
    if (behind.some((color) => distance(data, at, color) < 0.22)) continue
    const pixel: Rgb = [data[at]!, data[at + 1]!, data[at + 2]!]
    const own = nearest(COLORS, pixel, SAME_COLOR)
    if (own !== undefined && candidates.includes(own)) votes.set(own, (votes.get(own) ?? 0) + 1)
  }
  return [...votes].sort((a, b) => b[1] - a[1])[0]?.[0]
}

/** Erode, then grow again by a 3x3 square: removes lines one or two pixels thin, such as the blend along a wave. */
function open(mask: Mask, width: number): Mask {
  const sweep = (from: Mask, keep: 0 | 1) => {
    const height = from.length / width
    const to = new Uint8Array(from.length)
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let value: number = keep
        for (let dy = Math.max(0, y - 1); dy <= Math.min(height - 1, y + 1); dy++) {
          for (let dx = Math.max(0, x - 1); dx <= Math.min(width - 1, x + 1); dx++) {
            if (from[dy * width + dx] !== keep) value = 1 - keep
          }
        }
        to[y * width + x] = value
      }
    }
    return to
  }
  return sweep(sweep(mask, 1), 0)
}

/** The largest 4-connected piece of a mask. */
function largestPiece(mask: Mask, width: number): Mask {
  const labels = new Int32Array(mask.length)
  const stack: number[] = []
  let best = 0
  let most = 0
  let label = 0
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] === 0 || labels[start] !== 0) continue
    let size = 0
    labels[start] = ++label
    stack.push(start)
    while (stack.length > 0) {
      const at = stack.pop()!
      size++
      const x = at % width
      for (const next of [x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, at + width]) {
        if (next < 0 || next >= mask.length || mask[next] === 0 || labels[next] !== 0) continue
        labels[next] = label
        stack.push(next)
      }
    }
    if (size > most) [best, most] = [label, size]
  }
  return mask.map((_, i) => (best > 0 && labels[i] === best ? 1 : 0))
}

/** Finds the subject in frames [F, H, W, 3] with values in [0, 1]. */
export function findSubject(frames: Tensor<'float32'>): Subject {
  const [count, height, width] = frames.shape as [number, number, number]
  const { data } = frames
  const ground = cornerColor(frames)
  const background = nearest(BACKGROUNDS, ground, SAME_BACKGROUND)
  const water = hasWater(frames, ground)
  const behind = water ? [ground, WATER] : [ground]
  const color = dominantColor(data, behind, background)
  const masks = Array.from({ length: count }, (_, f) => {
    const mask = new Uint8Array(height * width)
    if (color === undefined) return mask
    const paint = COLORS[color]
    for (let i = 0, at = f * height * width * 3; i < mask.length; i++, at += 3) {
      const d = distance(data, at, paint)
      mask[i] = behind.every((other) => d < distance(data, at, other)) ? 1 : 0
    }
    return largestPiece(open(mask, width), width)
  })
  return { background, color, water, masks }
}
