// Reads a scheduler's config against the keys that its class knows. The rule is the reference's
// (configuration_utils.py): unknown keys are kept but mean nothing, absent keys take this class's own
// default, and what another class merely defaulted to is never carried over.

import { ArgumentError, UnsupportedConfigError } from '../errors.ts'
import type { SchedulerConfig } from './scheduler.ts'

/** One known key: its default, and how a given value is checked. `read` throws ArgumentError naming the key. */
export interface Field<T> {
  readonly fallback: T
  read(value: unknown, key: string): T
}

export type Fields = Readonly<Record<string, Field<unknown>>>

/** The typed values of a set of fields. */
export type Values<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never }

export function flag(fallback: boolean): Field<boolean> {
  return { fallback, read: (value, key) => (typeof value === 'boolean' ? value : refuse(key, value, 'true or false')) }
}

/** A number in [min, max]; infinite bounds let infinities through. */
export function real<T extends number | null>(fallback: T, min: number, max: number): Field<T | number> {
  return {
    fallback,
    read: (value, key) =>
      typeof value === 'number' && value >= min && value <= max ? value : refuse(key, value, `a number from ${min} to ${max}`),
  }
}

export function integer(fallback: number, min: number, max: number): Field<number> {
  return {
    fallback,
    read: (value, key) =>
      typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
        ? value
        : refuse(key, value, `a whole number from ${min} to ${max}`),
  }
}

/** One of a few words; `aliases` maps words of sibling classes to the one that stands in for them here. */
export function oneOf<const T extends string>(
  accepted: readonly [T, ...T[]],
  fallback: NoInfer<T>,
  aliases: Readonly<Record<string, NoInfer<T>>> = {},
): Field<T> {
  const read = (value: unknown, key: string): T => {
    if (typeof value === 'string' && Object.hasOwn(aliases, value)) return aliases[value]!
    return accepted.find((word) => word === value) ?? refuse(key, value, `one of ${accepted.join(', ')}`)
  }
  return { fallback, read }
}

/** A list of numbers in [min, max], null by default. */
export function reals(min: number, max: number): Field<readonly number[] | null> {
  const inRange = (value: unknown): value is number => typeof value === 'number' && value >= min && value <= max
  return {
    fallback: null,
    read: (value, key) =>
      Array.isArray(value) && value.every(inRange) ? [...value] : refuse(key, value, `a list of numbers from ${min} to ${max}`),
  }
}

/** A key of the reference that is understood but not built: only its default passes. Throws UnsupportedConfigError. */
export function notBuilt<T extends string | number | boolean | null>(fallback: T): Field<T> {
  const read = (value: unknown, key: string): T => {
    if (value === fallback) return fallback
    throw new UnsupportedConfigError(`scheduler config ${key} = ${show(value)} is not supported; only ${show(fallback)} is`)
  }
  return { fallback, read }
}

/**
 * The config of `className`. What was given (and `_class_name`) are its own properties, defaults lie on its prototype: reading
 * sees both, while spreading, JSON and another class's fromConfig see what was given. `null` counts as not given.
 */
export function resolveConfig<F extends Fields>(
  className: string,
  fields: F,
  given: Readonly<Record<string, unknown>>,
): Values<F> & SchedulerConfig {
  // A config dumped from a live diffusers object holds its defaults too, and lists their names.
  const defaulted = Array.isArray(given._use_default_values) ? given._use_default_values : []
  const own = Object.entries(given)
    .filter(([key, value]) => value !== undefined && value !== null && !key.startsWith('_') && !defaulted.includes(key))
    .map(([key, value]) => [key, Object.hasOwn(fields, key) ? fields[key]!.read(value, key) : value] as const)
  const defaults = Object.freeze(Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, field.fallback])))
  const properties = Object.getOwnPropertyDescriptors(Object.fromEntries([['_class_name', className], ...own]))
  return Object.freeze(Object.create(defaults, properties)) as Values<F> & SchedulerConfig
}

function refuse(key: string, value: unknown, expected: string): never {
  throw new ArgumentError(`scheduler config ${key} = ${show(value)} must be ${expected}`)
}

function show(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? typeof value)
  return text.length > 60 ? `${text.slice(0, 60)}...` : text
}
