// Where settings come from: flags before KINORA_* variables before a JSON file before defaults, each setting on its own. A wrong
// one is told by the name that it has where it was written. Unknown variables are left alone, since other parts of Kinora read
// some; an unknown name in the file is refused, since it would be a misspelt one.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { z } from 'zod'
import { type Config, configSchema } from './config.ts'
import { ConfigError } from './config-error.ts'
import { isSecret } from './printable.ts'
import { fromText, named, parseJson, SETTINGS, type Setting } from './settings.ts'

export interface ConfigSources {
  /** By the names of the schema; text, and lists of text. */
  readonly flags?: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Path of a JSON file; without it KINORA_CONFIG may name one. */
  readonly file?: string | undefined
}

interface Given {
  readonly path: readonly string[]
  readonly value: unknown
  /** For messages: `--port`, `KINORA_PORT`, `port in kinora.json`. */
  readonly from: string
}

/** The effective settings. Throws ConfigError with a sentence for the first thing that is wrong. */
export function loadConfig({ flags = {}, env = {}, file = env.KINORA_CONFIG || undefined }: ConfigSources): Config {
  const given = [...(file === undefined ? [] : fromFile(file)), ...fromEnvironment(env), ...fromFlags(flags)]
  const { data: config, error } = configSchema.safeParse(nested(given))
  if (!config) throw new ConfigError(sentence(error.issues[0]!, given))
  checkTogether(config)
  return { ...config, data: path.resolve(config.data) }
}

function fromFlags(flags: NonNullable<ConfigSources['flags']>): Given[] {
  return SETTINGS.flatMap((setting): Given[] => {
    const value = flags[setting.path.join('.')]
    const from = setting.flag ?? setting.path.join('.')
    if (value === undefined) return []
    return [{ path: setting.path, from, value: typeof value === 'string' ? fromText(setting, value, from) : value.map(named) }]
  })
}

/** An empty variable is none, as in a compose file that passes on what is not set. */
function fromEnvironment(env: NonNullable<ConfigSources['env']>): Given[] {
  return SETTINGS.flatMap((setting): Given[] => {
    const text = env[setting.variable]
    if (text === undefined || text === '' || isServiceLink(setting, text)) return []
    return [{ path: setting.path, from: setting.variable, value: fromText(setting, text, setting.variable) }]
  })
}

/** Kubernetes gives every container of a namespace with a service called `kinora` the variable KINORA_PORT=tcp://ADDRESS:PORT. */
function isServiceLink({ variable }: Setting, text: string): boolean {
  return variable === 'KINORA_PORT' && /^(tcp|udp):\/\//.test(text)
}

function fromFile(file: string): Given[] {
  const content = parseJson(read(file), file)
  if (!isObject(content)) throw new ConfigError(`${file} has to hold a JSON object, such as {"port": 8080}`)
  return leaves(content, [], file)
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new ConfigError(`cannot read the configuration ${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function leaves(object: object, at: readonly string[], file: string): Given[] {
  return Object.entries(object).flatMap(([key, value]): Given[] => {
    const own = [...at, key]
    const name = own.join('.')
    const inside = SETTINGS.filter((setting) => own.every((part, i) => setting.path[i] === part))
    if (inside.length === 0) throw new ConfigError(`${file} has ${JSON.stringify(name)}, which is no setting${suggestion(own)}`)
    if (inside[0]!.path.length === own.length) return [{ path: own, value, from: `${name} in ${file}` }]
    if (!isObject(value)) throw new ConfigError(`${name} in ${file} has to be an object, such as {"${inside[0]!.path.at(-1)}": ...}`)
    return leaves(value, own, file)
  })
}

/** The settings beside it whose letters, and pairs of them, are mostly those of a misspelt name. */
function suggestion(own: readonly string[]): string {
  const beside = SETTINGS.filter(({ path: at }) => own.slice(0, -1).every((part, i) => at[i] === part))
  const names = [...new Set(beside.map(({ path: at }) => at[own.length - 1]!))]
  const wanted = lettersOf(own.at(-1)!)
  const near = names.map((name) => ({ name, likeness: likeness(wanted, lettersOf(name)) })).toSorted((a, b) => b.likeness - a.likeness)
  return near[0]!.likeness > 0.5 ? `: did you mean ${near[0]!.name}?` : `; there are ${names.join(', ')}`
}

function lettersOf(text: string): Set<string> {
  const letters = text.toLowerCase().split('')
  return new Set([...letters, ...letters.slice(1).map((letter, i) => `${letters[i]}${letter}`)])
}

function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  return [...a].filter((part) => b.has(part)).length / Math.max(a.size, b.size)
}

function nested(given: readonly Given[]): Record<string, unknown> {
  const root: Record<string, unknown> = {}
  for (const { path: at, value } of given) {
    const group = at.slice(0, -1).reduce((object, key) => {
      object[key] ??= {}
      return object[key] as Record<string, unknown>
    }, root)
    group[at.at(-1)!] = value
  }
  return root
}

function sentence(issue: z.core.$ZodIssue, given: readonly Given[]): string {
  const at = issue.path.map(String)
  const place = given.findLast((one) => one.path.every((part, i) => at[i] === part))
  const rest = at.slice(place?.path.length ?? 0).join('.')
  const value = at.slice(place?.path.length ?? 0).reduce<unknown>(inside, place?.value)
  const shown = isSecret(at) ? 'not valid' : (JSON.stringify(value) ?? 'missing')
  return `${place?.from ?? at.join('.')}${rest === '' ? '' : `: ${rest}`} is ${shown}: ${expected(issue)}`
}

function inside(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
}

function expected(issue: z.core.$ZodIssue): string {
  const inclusive = 'inclusive' in issue && issue.inclusive === false ? 'more than' : 'at least'
  if (issue.code === 'too_small') return issue.origin === 'string' ? 'it must not be empty' : `it must be ${inclusive} ${issue.minimum}`
  if (issue.code === 'too_big') return `it must be at most ${issue.maximum}`
  if (issue.code === 'invalid_value') return `it must be one of ${issue.values.join(', ')}`
  if (issue.code === 'invalid_type') return `it must be ${issue.expected === 'int' ? 'a whole number' : `of the kind ${issue.expected}`}`
  return issue.message
}

/** What no setting alone can tell. */
function checkTogether({ adminUser, adminPassword, heartbeatSeconds, lostAfterSeconds, models, loras }: Config): void {
  if ((adminUser === null) !== (adminPassword === null))
    throw new ConfigError('adminUser and adminPassword go together (KINORA_ADMIN_USER, KINORA_ADMIN_PASSWORD): one of them is missing')
  if (lostAfterSeconds < 2 * heartbeatSeconds)
    throw new ConfigError(
      `lostAfterSeconds is ${lostAfterSeconds}: it must be at least twice heartbeatSeconds (${heartbeatSeconds}), or workers that live are given up`,
    )
  for (const [kind, list] of [['models', models] as const, ['loras', loras] as const]) {
    const twice = list.find(({ name }, i) => list.findIndex((other) => other.name === name) !== i)
    if (twice) throw new ConfigError(`${kind} has ${JSON.stringify(twice.name)} twice: names tell them apart in requests`)
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
