// The application's keyboard shortcuts. Names of keys are as they are printed on them; of `space` there is a word in each
// language. Keys of one string are pressed together, strings of a list do the same.

export const KEYS = {
  create: { generate: ['Enter', 'Ctrl+Enter'], newline: ['Shift+Enter'] },
  player: { play: ['space'], step: ['←', '→', ',', '.'], ends: ['Home', 'End'] },
  library: { go: ['←', '→', '↑', '↓'], select: ['X'], range: ['Shift+X'], remove: ['Delete'], undo: ['Ctrl+Z'], clear: ['Esc'] },
  queue: { lift: ['space'], move: ['↑', '↓'], drop: ['Esc'] },
} as const
