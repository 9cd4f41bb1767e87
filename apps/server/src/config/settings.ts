// The settings as a flat list, read off the schema: what each is called in a file, in the environment and on the command line,
// and how a value that is written as text (there, everything is) becomes what the schema wants.

import { z } from 'zod'
import { configSchema } from './config.ts'
import { ConfigError } from './config-error.ts'

export interface Setting {
  /** In a file: `['limits', 'promptLength']` */
  readonly path: readonly string[]
  /** `KINORA_LIMITS_PROMPT_LENGTH` */
  readonly variable: string
  /** `--data`; only settings outside of groups have one. */
  readonly flag: string | undefined
  /** Without the wrappers that give defaults. */
  readonly type: z.ZodType
}

/** Settings that are lists are given one at a time. */
const LIST_FLAGS: Readonly<Record<string, string>> = { models: '--model', loras: '--lora' }

export const SETTINGS: readonly Setting[] = settingsOf(configSchema, [])

function settingsOf(schema: z.ZodObject, path: readonly string[]): Setting[] {
  return Object.entries(schema.shape).flatMap(([key, wrapped]) => {
    const own = [...path, key]
    const type = unwrap(wrapped as z.ZodType)
    if (type instanceof z.ZodObject) return settingsOf(type, own)
    const variable = `KINORA_${own.map((part) => kebab(part).replaceAll('-', '_').toUpperCase()).join('_')}`
    return [{ path: own, variable, flag: path.length === 0 ? (LIST_FLAGS[key] ?? `--${kebab(key)}`) : undefined, type }]
  })
}

function unwrap(type: z.ZodType): z.ZodType {
  let inner = type
  while (
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault ||
    inner instanceof z.ZodNullable ||
    inner instanceof z.ZodOptional
  )
    inner = inner.unwrap() as z.ZodType
  return inner
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** A value that was written as text. What is no such value stays text, for the schema to refuse. Throws ConfigError for what is no JSON. */
export function fromText({ path, type }: Setting, text: string, from: string): unknown {
  if (type instanceof z.ZodNumber) return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)
  if (type instanceof z.ZodBoolean) return { true: true, '1': true, false: false, '0': false }[text] ?? text
  if (!(type instanceof z.ZodArray)) return text
  const items = text.trim().startsWith('[') ? parseJson(text, from) : text.split(',').map((item) => item.trim())
  return Array.isArray(items) ? items.map((item: unknown) => (path[0] === 'models' || path[0] === 'loras' ? named(item) : item)) : items
}

/** NAME=SOURCE, or a source whose name it is as well. */
export function named(item: unknown): unknown {
  if (typeof item !== 'string') return item
  const [, name = item, source = item] = /^([^=]*)=(.*)$/.exec(item) ?? []
  return { name, source }
}

export function parseJson(text: string, from: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ConfigError(`${from} is no JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}
