// The six shapes as signed distances, and as small normalised pictures ("templates") to compare a mask with.
// Units: the shape is centred, x grows right, y grows down. Follows training/shapes_data.py.
import type { Shape } from './vocabulary.ts'

/** Signed distance to a shape of radius `r`, negative inside. */
export function signedDistance(shape: Shape, x: number, y: number, r: number): number {
  const ax = Math.abs(x)
  const ay = Math.abs(y)
  switch (shape) {
    case 'circle':
      return Math.hypot(x, y) - r
    case 'ring':
      return Math.abs(Math.hypot(x, y) - 0.78 * r) - 0.24 * r
    case 'square':
      return Math.max(ax, ay) - 0.85 * r
    case 'cross':
      return Math.min(Math.max(ax - 0.3 * r, ay - r), Math.max(ay - 0.3 * r, ax - r))
    case 'triangle':
      return Math.max((Math.sqrt(3) * ax - y) / 2, y) - 0.52 * r
    case 'star': {
      const sector = (2 * Math.PI) / 5
      const turns = Math.atan2(x, -y) / sector
      const angle = Math.abs(turns - Math.round(turns)) * sector
      return (Math.hypot(x, y) * (Math.cos(angle) + 2.4 * Math.sin(angle)) - 1.15 * r) / 2.6
    }
    default:
      return shape satisfies never
  }
}

/** Smallest turn that maps a shape to itself, in radians; 0 for shapes that look alike at every turn. */
export const SYMMETRY = {
  circle: 0,
  ring: 0,
  square: Math.PI / 2,
  cross: Math.PI / 2,
  triangle: (2 * Math.PI) / 3,
  star: (2 * Math.PI) / 5,
} as const satisfies Record<Shape, number>

/** Side of a template in cells. */
export const GRID = 40
/** A template spans this many square roots of the shape's area, enough for the widest star. */
export const SPAN = 2.2

export interface Template {
  readonly shape: Shape
  /** Clockwise turn on the screen, radians. */
  readonly turn: number
  /** [GRID, GRID], 1 inside. */
  readonly cells: Uint8Array
}

/** Area of a shape of radius 1. */
export function unitArea(shape: Shape): number {
  const step = 0.01
  let count = 0
  for (let y = -1.2; y < 1.2; y += step) {
    for (let x = -1.2; x < 1.2; x += step) if (signedDistance(shape, x, y, 1) < 0) count++
  }
  return count * step * step
}

function drawTemplate(shape: Shape, turn: number): Template {
  const cells = new Uint8Array(GRID * GRID)
  const radius = 1 / Math.sqrt(unitArea(shape))
  const c = Math.cos(turn)
  const s = Math.sin(turn)
  for (let row = 0; row < GRID; row++) {
    for (let column = 0; column < GRID; column++) {
      const x = ((column + 0.5) / GRID - 0.5) * SPAN
      const y = ((row + 0.5) / GRID - 0.5) * SPAN
      cells[row * GRID + column] = signedDistance(shape, c * x + s * y, c * y - s * x, radius) < 0 ? 1 : 0
    }
  }
  return { shape, turn, cells }
}

/** Every shape at every turn in steps of some 7 degrees, scaled to area 1. */
export const TEMPLATES: readonly Template[] = Object.entries(SYMMETRY).flatMap(([shape, period]) => {
  const turns = Math.max(1, Math.round(period / (Math.PI / 26)))
  return Array.from({ length: turns }, (_, i) => drawTemplate(shape as Shape, (i * period) / turns))
})
