// What names and passwords the service takes (the server's accounts/names.ts), how hard a password is to guess, and new ones
// by chance. The estimate is a hint while one types, not a rule: the service's own are the length and nothing else.

export const SHORTEST_PASSWORD = 8
export const LONGEST_PASSWORD = 256

const NAME = /^(?!\p{Zs})[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{1,64}(?<!\p{Zs})$/u

export function isUserName(text: string): boolean {
  return NAME.test(text.normalize('NFC'))
}

export function isPassword(text: string): boolean {
  return text.length >= SHORTEST_PASSWORD && text.length <= LONGEST_PASSWORD
}

export type Strength = 'weak' | 'fair' | 'good' | 'strong'

/** Rows of keys and the alphabet: who goes along them adds hardly anything. */
const ROWS = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm']
const COMMON = /password|passwort|letmein|welcome|admin|kinora|secret|login|iloveyou|monkey|dragon|master/g
const CLASSES: readonly (readonly [RegExp, number])[] = [
  [/[a-z]/, 26],
  [/[A-Z]/, 26],
  [/[0-9]/, 10],
  [/[ -/:-@[-`{-~]/, 33],
  [/[^ -~]/, 200],
]

/** By bits: the kinds of characters that occur, times those that do not follow from the ones before. */
export function strengthOf(password: string, userName = ''): Strength {
  const kinds = CLASSES.reduce((sum, [pattern, size]) => (pattern.test(password) ? sum + size : sum), 0)
  const bits = Math.log2(Math.max(2, kinds)) * surprises(password.toLowerCase(), userName.toLowerCase())
  if (bits < 40 || !isPassword(password)) return 'weak'
  return bits < 60 ? 'fair' : bits < 80 ? 'good' : 'strong'
}

/** Characters but for those that repeat, go on in a row, or belong to a word that everyone tries; each such word counts as one. */
function surprises(text: string, userName: string): number {
  const named = userName.length >= 3 ? text.replaceAll(userName, '\0') : text
  const rest = named.replace(COMMON, '\0')
  const seen = new Set<string>()
  let count = 0
  for (const [i, character] of Array.from(rest).entries()) {
    const before = rest[i - 1] ?? ''
    const pair = before + character
    const follows = before === character || ROWS.some((row) => pair.length === 2 && row.includes(pair)) || seen.has(pair)
    if (pair.length === 2) seen.add(pair)
    count += follows ? 0.25 : 1
  }
  return count
}

/** 32 that are not mistaken for each other. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789'
const GROUPS = 4
const GROUP = 5

/** 100 bits by chance, easy to read out: `k7mqd-…`. */
export function newPassword(): string {
  const random = crypto.getRandomValues(new Uint8Array(GROUPS * GROUP))
  const letters = Array.from(random, (byte) => LETTERS[byte % LETTERS.length]!).join('')
  return Array.from({ length: GROUPS }, (_, i) => letters.slice(i * GROUP, (i + 1) * GROUP)).join('-')
}
