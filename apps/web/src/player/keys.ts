// What a key means to a player that has the focus. A slider or a button inside of it keeps its own keys.

export type PlayerKey = 'toggle' | 'back' | 'forward' | 'first' | 'last'

const MEANING: Readonly<Record<string, PlayerKey>> = {
  ' ': 'toggle',
  ',': 'back',
  '.': 'forward',
  ArrowLeft: 'back',
  ArrowRight: 'forward',
  Home: 'first',
  End: 'last',
}
const EVERYWHERE: ReadonlySet<string> = new Set([',', '.'])

interface KeyPress {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
}

/** `onControl`: the focus is on a control of the player, not on the player itself. */
export function meaningOf({ key, ctrlKey, metaKey, altKey }: KeyPress, onControl: boolean): PlayerKey | undefined {
  if (ctrlKey || metaKey || altKey || (onControl && !EVERYWHERE.has(key))) return undefined
  return Object.hasOwn(MEANING, key) ? MEANING[key] : undefined
}
