// The words that the demo model was taught (packages/demo-model/README.md), and the sentence they make. A prompt is English
// whatever the language of the page.

export const SIZES = ['small', 'big'] as const
export const COLORS = ['red', 'orange', 'yellow', 'green', 'cyan', 'blue', 'purple', 'pink', 'white'] as const
export const SHAPES = ['circle', 'square', 'triangle', 'star', 'ring', 'cross'] as const
export const BACKGROUNDS = ['black', 'gray', 'white', 'navy', 'brown'] as const

/** By how often they come out as asked (the model's card): nearly always, about every second time, not yet. */
export const MOTIONS = {
  sure: ['growing', 'shrinking', 'falling', 'standing still', 'surfing a wave'],
  unsure: ['rising', 'moving left'],
  unlearned: ['moving right', 'bouncing', 'spinning', 'circling'],
} as const

/** The ones that are worth asking for. */
export const SHOWN_MOTIONS = [...MOTIONS.sure, ...MOTIONS.unsure] as const

export interface Scene {
  /** Undefined: not said. */
  readonly size: (typeof SIZES)[number] | undefined
  readonly color: (typeof COLORS)[number]
  readonly shape: (typeof SHAPES)[number]
  readonly motion: (typeof SHOWN_MOTIONS)[number]
  readonly background: (typeof BACKGROUNDS)[number]
}

/** What changes its size was taught without one. */
export function hasSize(motion: Scene['motion']): boolean {
  return motion !== 'growing' && motion !== 'shrinking'
}

/** White on white cannot be seen. */
export function isVisible({ color, background }: Scene): boolean {
  return !(color === 'white' && background === 'white')
}

/** `a big red circle falling on a navy background` */
export function promptOf({ size, color, shape, motion, background }: Scene): string {
  const words = [size !== undefined && hasSize(motion) ? size : undefined, color, shape].filter((word) => word !== undefined)
  // The model never read "an".
  const article = words[0] === 'orange' ? 'the' : 'a'
  return `${article} ${words.join(' ')} ${motion} on a ${background} background`
}

/** Any visible scene; `random` gives numbers in [0, 1). */
export function anyScene(random: () => number = Math.random): Scene {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  for (;;) {
    const motion = pick(SHOWN_MOTIONS)
    const size = hasSize(motion) ? pick([undefined, ...SIZES]) : undefined
    const scene = { size, color: pick(COLORS), shape: pick(SHAPES), motion, background: pick(BACKGROUNDS) }
    if (isVisible(scene)) return scene
  }
}
