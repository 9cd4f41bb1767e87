// Reads weights out of a prompt, in the notation of AUTOMATIC1111's web UI (its modules/prompt_parser.py): `(word)`
// counts 1.1 times, `(word:1.3)` 1.3 times, `[word]` 1/1.1 times; nested brackets multiply; a backslash makes a bracket,
// colon or backslash plain text. Not here: prompt editing `[a:b:0.5]`, BREAK, and what a weight does to a token.

/** A piece of a prompt and how much it counts, 1 being as usual. */
export interface WeightedText {
  readonly text: string
  readonly weight: number
}

/** Weights are kept between this and its negative; a picture is spoilt long before. */
export const LARGEST_WEIGHT = 10

const BRACKET_FACTOR = 1.1

/** Keeps the product of thousands of nested brackets finite. */
const LARGEST_PRODUCT = 1e100

interface Bracket {
  readonly kind: '(' | '['
  factor: number
}

/** Something escaped, or a lone backslash; an opening bracket; a weight with its `)`; a closing bracket; text; a colon. */
const PARTS = /\\[\\()[\]:]?|[([]|:\s*([+-]?[.\d]+)\s*\)|[)\]]|[^\\()[\]:]+|:/g

/**
 * Splits a prompt into pieces of one weight each, markup removed; neighbours differ in weight, and there is at least one. No
 * string is an error: a bracket that is never closed counts to the end, one that closes nothing is text, a lone backslash vanishes.
 */
export function parsePromptWeights(prompt: string): WeightedText[] {
  const products = { '(': [1], '[': [1] }
  const inside = new Set<Bracket>()
  const pieces: { text: string; weight: number }[] = []
  for (const part of readParts(prompt)) {
    if (typeof part === 'string') {
      const weight = bounded(products['('].at(-1)! * products['['].at(-1)!, LARGEST_WEIGHT)
      const last = pieces.at(-1)
      if (last?.weight === weight) last.text += part
      else if (part !== '') pieces.push({ text: part, weight })
    } else {
      const product = products[part.kind]
      if (inside.delete(part)) product.pop()
      else {
        inside.add(part)
        product.push(bounded(product.at(-1)! * part.factor, LARGEST_PRODUCT))
      }
    }
  }
  return pieces.length > 0 ? pieces : [{ text: '', weight: 1 }]
}

/** The prompt's texts, with each bracket where it opens and again where it closes. Round and square ones may cross. */
function readParts(prompt: string): (string | Bracket)[] {
  const parts: (string | Bracket)[] = []
  const open = { '(': [] as Bracket[], '[': [] as Bracket[] }
  const close = (kind: '(' | '[', text: string, factor?: number) => {
    const bracket = open[kind].pop()
    if (bracket && factor !== undefined) bracket.factor = factor
    parts.push(bracket ?? text)
  }
  for (const [part, weight] of prompt.matchAll(PARTS)) {
    if (part.startsWith('\\')) parts.push(part.slice(1))
    else if (part === '(' || part === '[') {
      const bracket: Bracket = { kind: part, factor: part === '(' ? BRACKET_FACTOR : 1 / BRACKET_FACTOR }
      open[part].push(bracket)
      parts.push(bracket)
    } else if (weight !== undefined) {
      // `1.2.3` has a weight's form and is no number: text in a bracket.
      const factor = Number(weight)
      if (!Number.isNaN(factor)) close('(', part, bounded(factor, LARGEST_PRODUCT))
      else {
        parts.push(part.slice(0, -1))
        close('(', ')')
      }
    } else if (part === ')') close('(', part)
    else if (part === ']') close('[', part)
    else parts.push(part)
  }
  return parts
}

function bounded(value: number, limit: number): number {
  return Math.min(limit, Math.max(-limit, value))
}
