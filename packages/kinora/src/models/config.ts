// Reads one key of a component's config.json with the reference's default. Unknown keys are ignored;
// a value that this library cannot build is an UnsupportedConfigError naming key and value.

import { UnsupportedConfigError } from '../errors.ts'

export type RawConfig = Readonly<Record<string, unknown>>

/** Sizes above this are a damaged or hostile config; the largest published one is 49408 (vocabulary). */
const MAX_SIZE = 1 << 20

export function unsupported(key: string, value: unknown, accepted: string): UnsupportedConfigError {
  return new UnsupportedConfigError(`config key ${key} is ${JSON.stringify(value)}; supported: ${accepted}`)
}

export function positiveInteger(config: RawConfig, key: string, fallback: number): number {
  const value = config[key] ?? fallback
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > MAX_SIZE)
    throw unsupported(key, value, `an integer from 1 to ${MAX_SIZE}`)
  return value
}

export function positiveNumber(config: RawConfig, key: string, fallback: number): number {
  const value = config[key] ?? fallback
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) throw unsupported(key, value, 'a number above 0')
  return value
}

export function flag(config: RawConfig, key: string, fallback: boolean): boolean {
  const value = config[key] ?? fallback
  if (typeof value !== 'boolean') throw unsupported(key, value, 'true or false')
  return value
}

export function oneOf<T extends string>(config: RawConfig, key: string, fallback: T, accepted: readonly T[]): T {
  const value = config[key] ?? fallback
  const found = accepted.find((name) => name === value)
  if (found === undefined) throw unsupported(key, value, accepted.join(', '))
  return found
}

/** A non-empty list of sizes. */
export function sizes(config: RawConfig, key: string, fallback: readonly number[]): readonly number[] {
  const value = config[key] ?? fallback
  const valid = Array.isArray(value) && value.length > 0 && value.length <= 16
  if (!valid || !value.every((size) => Number.isInteger(size) && size >= 1 && size <= MAX_SIZE))
    throw unsupported(key, value, `a list of 1 to 16 integers from 1 to ${MAX_SIZE}`)
  return value
}

/** A list of block types, one for each of `count` levels. */
export function blockTypes<T extends string>(
  config: RawConfig,
  key: string,
  fallback: readonly T[],
  accepted: readonly T[],
  count: number,
): readonly T[] {
  const value: unknown = config[key] ?? fallback
  if (!Array.isArray(value) || value.length !== count || !value.every((type) => accepted.includes(type)))
    throw unsupported(key, value, `${count} of ${accepted.join(', ')} (one for each of block_out_channels)`)
  return value
}

/** Group normalization needs every channel count to be a multiple of the groups. */
export function assertGroups(groups: number, channels: readonly number[]): void {
  const odd = channels.find((count) => count % groups !== 0)
  if (odd !== undefined) throw unsupported('norm_num_groups', groups, `a divisor of every channel count, here ${odd}`)
}
