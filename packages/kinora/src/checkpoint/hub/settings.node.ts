// Where the cache lies, whom to ask and how patiently: the caller's options, then the environment variables that Python's
// huggingface_hub reads, then its defaults. The token is checked here and appears in no message.

import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { ArgumentError } from '../../errors.ts'
import type { HubOptions } from './hub.ts'

export interface HubSettings {
  cache: string
  /** Without a slash at the end. */
  endpoint: string
  token?: string
  offline: boolean
  timeoutMs: number
  retries: number
  retryDelayMs: number
  /** Whether links may be made in the cache. */
  symlinks: boolean
  signal?: AbortSignal
}

type Environment = NonNullable<HubOptions['env']>

const DEFAULT_ENDPOINT = 'https://huggingface.co'
const DEFAULT_TIMEOUT_MS = 20_000
const DEFAULT_RETRIES = 5
const DEFAULT_RETRY_DELAY_MS = 500

/** Throws ArgumentError for settings that cannot be meant. */
export async function hubSettings(options: HubOptions): Promise<HubSettings> {
  const env = options.env ?? process.env
  const token = await findToken(options, env)
  const seconds = Number(env.HF_HUB_DOWNLOAD_TIMEOUT)
  return {
    cache: cacheFolder(options),
    endpoint: checkedEndpoint(options.endpoint ?? (env.HF_ENDPOINT || DEFAULT_ENDPOINT)),
    offline: options.offline ?? (isTrue(env.HF_HUB_OFFLINE) || isTrue(env.TRANSFORMERS_OFFLINE)),
    timeoutMs: checkedNumber('timeoutMs', options.timeoutMs ?? (seconds > 0 ? seconds * 1000 : DEFAULT_TIMEOUT_MS), 1),
    retries: checkedNumber('retries', options.retries ?? DEFAULT_RETRIES, 0),
    retryDelayMs: checkedNumber('retryDelayMs', options.retryDelayMs ?? DEFAULT_RETRY_DELAY_MS, 0),
    symlinks: !isTrue(env.HF_HUB_DISABLE_SYMLINKS),
    ...(token === undefined ? {} : { token }),
    ...(options.signal ? { signal: options.signal } : {}),
  }
}

/** The cache that the options and the environment name; absolute. */
export function cacheFolder({ cache, env = process.env }: HubOptions): string {
  const named = cache ?? (env.HF_HUB_CACHE || env.HUGGINGFACE_HUB_CACHE)
  return path.resolve(named === undefined || named === '' ? path.join(homeFolder(env), 'hub') : expand(named, env))
}

function homeFolder(env: Environment): string {
  return expand(env.HF_HOME || path.join(env.XDG_CACHE_HOME || path.join('~', '.cache'), 'huggingface'), env)
}

async function findToken({ token }: HubOptions, env: Environment): Promise<string | undefined> {
  if (token !== undefined) return checkedToken(token, 'the option token')
  if (isTrue(env.HF_HUB_DISABLE_IMPLICIT_TOKEN)) return undefined
  if (env.HF_TOKEN?.trim()) return checkedToken(env.HF_TOKEN, 'HF_TOKEN')
  const file = expand(env.HF_TOKEN_PATH || path.join(homeFolder(env), 'token'), env)
  const kept = await readFile(file, 'utf8').catch(() => '')
  return kept.trim() === '' ? undefined : checkedToken(kept, file)
}

/** A header cannot hold line breaks, and the error that says so would show the token. */
function checkedToken(token: string, where: string): string {
  const trimmed = token.trim()
  if (!/^[\x21-\x7e]+$/.test(trimmed)) throw new ArgumentError(`${where} holds no access token: it must be one word of ASCII characters`)
  return trimmed
}

function checkedEndpoint(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw new ArgumentError('the hub endpoint (HF_ENDPOINT) must be an address like https://huggingface.co, without a password in it')
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}

function checkedNumber(name: string, value: number, least: number): number {
  if (!(value >= least && value <= 2 ** 31 - 1)) throw new ArgumentError(`${name} is ${value}; it must be ${least} or more`)
  return value
}

/** `~`, $NAME and ${NAME}, as Python expands them; an unknown name stays. */
export function expand(text: string, env: Environment): string {
  const home = text.replace(/^~(?=$|[\\/])/, () => env.HOME || homedir())
  return home.replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (whole, braced: string | undefined, bare: string | undefined) => env[braced ?? bare ?? ''] ?? whole,
  )
}

function isTrue(value: string | undefined): boolean {
  return ['1', 'ON', 'YES', 'TRUE'].includes(value?.toUpperCase() ?? '')
}
