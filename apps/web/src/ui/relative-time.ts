// How long ago something was, or how far ahead it lies, in the words of a language: `3 minutes ago`, `in 2 days`.

const UNITS = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const

/** Both times in seconds since 1970. Whole units, cut, never rounded up: 119 seconds are one minute. */
export function formatRelative(time: number, now: number, language: string): string {
  const seconds = Math.trunc(time - now)
  const [unit, length] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? ['second', 1]
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(Math.trunc(seconds / length), unit)
}

/** Seconds since 1970. */
export function nowInSeconds(): number {
  return Date.now() / 1000
}
