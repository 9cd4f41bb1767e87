// The words the demo checkpoint was taught and what they look like: the measure's and the renderer's common
// ground. Mirrors training/shapes_data.py; colours are RGB in [0, 1], sizes are radii in half picture widths.

export type Rgb = readonly [red: number, green: number, blue: number]

export const COLORS = {
  red: [0.9, 0.1, 0.12],
  orange: [0.97, 0.55, 0.1],
  yellow: [0.98, 0.9, 0.15],
  green: [0.15, 0.75, 0.2],
  cyan: [0.1, 0.85, 0.9],
  blue: [0.12, 0.25, 0.95],
  purple: [0.55, 0.15, 0.8],
  pink: [0.98, 0.45, 0.7],
  white: [0.97, 0.97, 0.97],
} as const satisfies Record<string, Rgb>

export const BACKGROUNDS = {
  black: [0.02, 0.02, 0.02],
  gray: [0.5, 0.5, 0.5],
  white: [1, 1, 1],
  navy: [0.03, 0.05, 0.25],
  brown: [0.35, 0.2, 0.1],
} as const satisfies Record<string, Rgb>

/** The sea that every surfer gets. */
export const WATER: Rgb = [0.1, 0.45, 0.8]

export const SHAPES = {
  circle: ['circle', 'ball'],
  square: ['square', 'box'],
  triangle: ['triangle'],
  star: ['star'],
  ring: ['ring'],
  cross: ['cross'],
} as const satisfies Record<string, readonly string[]>

export const MOTIONS = {
  left: ['moving left', 'going left'],
  right: ['moving right', 'going right'],
  up: ['moving up', 'rising'],
  down: ['moving down', 'falling'],
  bounce: ['bouncing'],
  spin: ['spinning', 'rotating'],
  grow: ['growing'],
  shrink: ['shrinking'],
  orbit: ['circling', 'orbiting'],
  still: ['standing still'],
  surf: ['surfing a wave', 'surfing'],
} as const satisfies Record<string, readonly string[]>

export const SIZES = { small: 0.26, medium: 0.38, big: 0.5 } as const

export type Color = keyof typeof COLORS
export type Background = keyof typeof BACKGROUNDS
export type Shape = keyof typeof SHAPES
export type Motion = keyof typeof MOTIONS
export type Size = keyof typeof SIZES

/** One captioned video; a growing or shrinking one is always 'medium', that is, its size is not named. */
export interface Scene {
  readonly color: Color
  readonly shape: Shape
  readonly motion: Motion
  readonly background: Background
  readonly size: Size
}

/** The keys of a table, typed. */
export function names<T extends object>(table: T): (keyof T & string)[] {
  return Object.keys(table) as (keyof T & string)[]
}

/** Can this scene exist and be told from others? White on white cannot be seen; a turning disc does not look turning. */
export function isVisible({ color, background, shape, motion }: Scene): boolean {
  return !(color === 'white' && background === 'white') && !(motion === 'spin' && (shape === 'circle' || shape === 'ring'))
}

/** "a big red ball moving left on a black background" */
export function caption({ color, shape, motion, background, size }: Scene): string {
  const noun = `${size === 'medium' ? '' : `${size} `}${color} ${SHAPES[shape][0]}`
  return `a ${noun} ${MOTIONS[motion][0]} on a ${background} background`
}
