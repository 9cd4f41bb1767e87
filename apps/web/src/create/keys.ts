// Which key press asks for the video: Enter, alone or with Ctrl or Cmd. Shift+Enter makes a line, and Enter that ends the
// composition of Chinese text only ends that.

export interface KeyPress {
  readonly key: string
  readonly shiftKey: boolean
  readonly altKey: boolean
  readonly keyCode: number
  readonly isComposing: boolean
}

/** Of key presses that an input method still works on (UI Events, 229); Safari says so of the one that ends a composition. */
const IN_COMPOSITION = 229

export function asksForVideo({ key, shiftKey, altKey, keyCode, isComposing }: KeyPress): boolean {
  return key === 'Enter' && !shiftKey && !altKey && !isComposing && keyCode !== IN_COMPOSITION
}
