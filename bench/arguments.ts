// Values of the benchmark's options, checked: each complaint names the option, the value and what is expected.

export class UsageError extends Error {}

export interface Rule {
  multipleOf?: number
  least?: number
}

/** Throws UsageError naming what is expected, as all of these do. */
export function wholeNumber(name: string, value: string, { multipleOf = 1, least = 1 }: Rule = {}): number {
  const number = Number(value)
  if (value.trim() !== '' && Number.isInteger(number) && number >= least && number % multipleOf === 0) return number
  throw new UsageError(`${name} ${value}: a whole number >= ${least}${multipleOf > 1 ? `, a multiple of ${multipleOf},` : ''} is expected`)
}

export function anyNumber(name: string, value: string): number {
  const number = Number(value)
  if (value.trim() === '' || !Number.isFinite(number)) throw new UsageError(`${name} ${value}: a number is expected`)
  return number
}

/** FRAMESxHEIGHTxWIDTH */
export function parseSize(value: string): { frames: number; height: number; width: number } {
  const [frames, height, width] = value.split('x')
  if (frames === undefined || height === undefined || width === undefined)
    throw new UsageError(`--points ${value}: FRAMESxHEIGHTxWIDTH is expected, for example 16x256x256`)
  const pixels = { multipleOf: 8 }
  return {
    frames: wholeNumber('--points', frames),
    height: wholeNumber('--points', height, pixels),
    width: wholeNumber('--points', width, pixels),
  }
}

export function choice<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value)
  if (found === undefined) throw new UsageError(`${name} ${value}: ${allowed.join(' or ')} is expected`)
  return found
}

/** Part of a file's name. */
export function fileName(name: string, value: string): string {
  if (!/^[\w-]+$/.test(value)) throw new UsageError(`${name} ${value}: letters, digits and - are expected`)
  return value
}

/** The entries that have a value. */
export function present<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
