// What a mask is: its area and centre (zeroth and first moments), its turn (a higher moment), and the shape whose
// template, brought to the same centre and area, it overlaps best.
import type { Mask } from './mask.ts'
import { GRID, SPAN, SYMMETRY, TEMPLATES } from './shapes.ts'
import { names, SHAPES, type Shape } from './vocabulary.ts'

export interface Outline {
  /** Share of the picture. */
  readonly area: number
  /** Centre in [-1, 1]; x grows right, y grows down. */
  readonly x: number
  readonly y: number
  /** Does the picture's edge cut it? */
  readonly cut: boolean
  /** Intersection over union with the best turn of each shape, in [0, 1]. */
  readonly overlap: Readonly<Record<Shape, number>>
}

/** A subject smaller than this share of the picture counts as not there. */
const LEAST_AREA = 0.004

function overlaps(mask: Mask, width: number, centreX: number, centreY: number, area: number): Record<Shape, number> {
  const height = mask.length / width
  const cells = new Uint8Array(GRID * GRID)
  const scale = Math.sqrt(area) * SPAN
  for (let row = 0; row < GRID; row++) {
    const y = Math.round(centreY + ((row + 0.5) / GRID - 0.5) * scale)
    for (let column = 0; column < GRID; column++) {
      const x = Math.round(centreX + ((column + 0.5) / GRID - 0.5) * scale)
      if (x >= 0 && x < width && y >= 0 && y < height) cells[row * GRID + column] = mask[y * width + x]!
    }
  }
  const best = Object.fromEntries(names(SHAPES).map((shape) => [shape, 0])) as Record<Shape, number>
  for (const template of TEMPLATES) {
    let both = 0
    let either = 0
    for (let i = 0; i < cells.length; i++) {
      both += cells[i]! & template.cells[i]!
      either += cells[i]! | template.cells[i]!
    }
    best[template.shape] = Math.max(best[template.shape], both / either)
  }
  return best
}

/** Measures one mask; undefined where there is nothing to measure. */
export function outline(mask: Mask, width: number): Outline | undefined {
  const height = mask.length / width
  let count = 0
  let sumX = 0
  let sumY = 0
  let cut = false
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue
    const x = i % width
    const y = (i - x) / width
    count++
    sumX += x
    sumY += y
    cut ||= x === 0 || y === 0 || x === width - 1 || y === height - 1
  }
  if (count < LEAST_AREA * mask.length) return undefined
  const centreX = sumX / count
  const centreY = sumY / count
  return {
    area: count / mask.length,
    x: ((centreX + 0.5) / width) * 2 - 1,
    y: ((centreY + 0.5) / height) * 2 - 1,
    cut,
    overlap: overlaps(mask, width, centreX, centreY, count),
  }
}

/** Turn of a mask in radians, known up to the shape's symmetry: the phase of its moment of that order. */
export function turnOf(mask: Mask, width: number, { x, y }: Outline, shape: Shape): number {
  const order = SYMMETRY[shape] === 0 ? 0 : Math.round((2 * Math.PI) / SYMMETRY[shape])
  const height = mask.length / width
  const centreX = ((x + 1) / 2) * width - 0.5
  const centreY = ((y + 1) / 2) * height - 0.5
  let real = 0
  let imaginary = 0
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue
    const dx = (i % width) - centreX
    const dy = Math.floor(i / width) - centreY
    const weight = (dx * dx + dy * dy) ** 1.5
    const angle = order * Math.atan2(dy, dx)
    real += weight * Math.cos(angle)
    imaginary += weight * Math.sin(angle)
  }
  return order === 0 ? 0 : Math.atan2(imaginary, real) / order
}
