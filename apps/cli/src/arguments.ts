// Turns the words of the command line into values. Only their form is judged here; the library
// knows the ranges, and checks them before any model is loaded.

import { InvalidArgumentError } from 'commander'

/** What torch's generator takes. */
const MAX_SEED = 2n ** 64n - 1n

export function number(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || Number.isNaN(value)) throw new InvalidArgumentError('It must be a number.')
  return value
}

/** Seeds go beyond what a double holds. */
export function seed(text: string): bigint {
  if (!/^-?\d{1,30}$/.test(text) || BigInt(text) < -1n || BigInt(text) > MAX_SEED)
    throw new InvalidArgumentError(`It must be a whole number from 0 to ${MAX_SEED}, or -1 for a random one.`)
  return BigInt(text)
}

/** A whole number from 1 to 10,000. */
export function count(text: string): number {
  const value = number(text)
  if (!Number.isInteger(value) || value < 1 || value > 10_000) throw new InvalidArgumentError('It must be a whole number from 1 to 10000.')
  return value
}

/** 0.2,0.8 */
export function interval(text: string): readonly [number, number] {
  const [start, end, ...rest] = text.split(',')
  if (start === undefined || end === undefined || rest.length > 0) throw new InvalidArgumentError('It must be two numbers such as 0.2,0.8.')
  return [number(start), number(end)]
}

/** 1024x576 */
export function size(text: string): { width: number; height: number } {
  const [, width, height] = /^(\d{1,5})x(\d{1,5})$/.exec(text) ?? []
  if (width === undefined || height === undefined) throw new InvalidArgumentError('It must be a size such as 1024x576.')
  return { width: Number(width), height: Number(height) }
}

export function jsonObject(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new InvalidArgumentError(`It must be JSON: ${error instanceof Error ? error.message : String(error)}.`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidArgumentError('It must be a JSON object such as {"timestep_spacing": "trailing"}.')
  return value as Record<string, unknown>
}

/** Collects an option that may be given more than once. */
export function append(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), text]
}
