// What a prompt asks for, in the words the demo checkpoint was taught, and whether a measured video shows it.
import type { Measured } from './measure.ts'
import {
  BACKGROUNDS,
  type Background,
  COLORS,
  type Color,
  MOTIONS,
  type Motion,
  names,
  SHAPES,
  type Shape,
  type Size,
} from './vocabulary.ts'

/** Only what the prompt names; the rest is free. */
export interface Expectation {
  readonly color?: Color
  readonly background?: Background
  readonly shape?: Shape
  readonly motion?: Motion
  readonly size?: Size
}

/** True for each quality that is as asked, and for each that was not asked for. */
export interface Agreement {
  readonly color: boolean
  readonly background: boolean
  readonly shape: boolean
  readonly motion: boolean
  readonly size: boolean
  readonly all: boolean
}

function find<K extends string>(text: string, table: Record<K, readonly string[]>): K | undefined {
  return names(table).find((name) => table[name].some((phrase) => text.includes(` ${phrase} `)))
}

/** Reads a prompt such as "a big red ball is rising on a navy background". */
export function parsePrompt(prompt: string): Expectation {
  const words = ` ${
    prompt
      .toLowerCase()
      .match(/[a-z]+/g)
      ?.join(' ') ?? ''
  } `
  const ground = / on (?:a |the )?([a-z]+) (?:background )?$/.exec(words)
  const subject = ground === null ? words : `${words.slice(0, ground.index)} `
  const background = names(BACKGROUNDS).find((name) => name === ground?.[1])
  const color = names(COLORS).find((name) => subject.includes(` ${name} `))
  const shape = find(subject, SHAPES)
  const motion = find(subject, MOTIONS)
  const size = (['small', 'big'] as const).find((name) => subject.includes(` ${name} `))
  return {
    ...(color && { color }),
    ...(background && { background }),
    ...(shape && { shape }),
    ...(motion && { motion }),
    ...(size && { size }),
  }
}

/** Compares quality by quality. */
export function agrees(expected: Expectation, measured: Measured): Agreement {
  const same = (key: keyof Expectation) => expected[key] === undefined || expected[key] === measured[key]
  const each = { color: same('color'), background: same('background'), shape: same('shape'), motion: same('motion'), size: same('size') }
  return { ...each, all: Object.values(each).every(Boolean) }
}
