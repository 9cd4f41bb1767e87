// A whole service in the test's own process: the real parts, a free port, a temporary folder, and the library's small checkpoint
// (64x64, some 20 ms a step) under the name `tiny`.

import { rmSync } from 'node:fs'
import { type Logger, pino } from 'pino'
import type { z } from 'zod'
import { fixture } from '../../../../packages/kinora/test/support/safetensors.ts'
import { configSchema } from '../../src/config/config.ts'
import type { Scope } from '../../src/db/values.ts'
import { type RunningService, serve } from '../../src/serve.ts'
import { dataFolder } from './data-folder.ts'

export const ADMIN = { name: 'admin', password: 'correct horse battery' } as const
export const TINY = { name: 'tiny', source: fixture('checkpoints/ms') } as const

export interface TestService {
  readonly url: string
  /** Of the administrator, with every scope. */
  readonly key: string
  /** Where its data lies. */
  readonly folder: string
  readonly running: RunningService
  /** With the administrator's key, or another one (`null`: none); `path` begins with a slash. A plain object as body is sent as JSON. */
  fetch(path: string, options?: TestRequest): Promise<Response>
  /** A new user with a key. */
  addUser(name: string, role?: 'admin' | 'user', scopes?: readonly Scope[]): Promise<{ readonly id: string; readonly key: string }>
  /** Also removes the folder. */
  close(): Promise<void>
}

export interface TestRequest extends Omit<RequestInit, 'body'> {
  readonly key?: string | null
  readonly body?: RequestInit['body'] | Record<string, unknown>
}

export type Overrides = z.input<typeof configSchema>

const EVERYTHING: readonly Scope[] = ['videos:read', 'videos:write', 'admin']

/** `overrides` replace settings as a configuration file would. Tests that need no videos pass `{ workers: 0 }` and start much faster. */
export async function startService(overrides: Overrides = {}, log: Logger = pino({ level: 'silent' })): Promise<TestService> {
  const folder = await dataFolder('service')
  const config = configSchema.parse({
    port: 0,
    data: folder,
    models: [TINY],
    device: 'cpu',
    adminUser: ADMIN.name,
    adminPassword: ADMIN.password,
    ...overrides,
  })
  const running = await serve(config, { log })
  await running.ready
  const { url } = running
  const key = await newKey(url, ADMIN, EVERYTHING)
  const ask: TestService['fetch'] = (at, { key: given = key, body, headers, ...rest } = {}) => {
    const isJson = typeof body === 'object' && body !== null && Object.getPrototypeOf(body) === Object.prototype
    const all = new Headers(headers)
    if (given !== null && !all.has('authorization')) all.set('authorization', `Bearer ${given}`)
    if (isJson) all.set('content-type', 'application/json')
    return fetch(`${url}${at}`, {
      method: body === undefined ? 'GET' : 'POST',
      ...rest,
      headers: all,
      ...(body !== undefined && { body: isJson ? JSON.stringify(body) : (body as NonNullable<RequestInit['body']>) }),
    })
  }
  return {
    url,
    key,
    folder,
    running,
    fetch: ask,
    addUser: async (name, role = 'user', scopes = role === 'admin' ? EVERYTHING : ['videos:read', 'videos:write']) => {
      const password = `${ADMIN.password} of ${name}`
      const { id } = (await answer(await ask('/v1/admin/users', { body: { name, password, role } }))) as { id: string }
      return { id, key: await newKey(url, { name, password }, scopes) }
    },
    close: async () => {
      await running.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** As a person does: logs in, makes a key, logs out. */
export async function newKey(
  url: string,
  who: { readonly name: string; readonly password: string },
  scopes: readonly Scope[],
): Promise<string> {
  const json = { 'content-type': 'application/json' }
  const login = await fetch(`${url}/v1/session`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ name: who.name, password: who.password }),
  })
  const { csrf_token } = (await answer(login)) as { csrf_token: string }
  const cookie = login.headers
    .getSetCookie()
    .map((text) => text.split(';')[0])
    .join('; ')
  const own = { ...json, cookie, 'x-csrf-token': csrf_token }
  const made = await fetch(`${url}/v1/keys`, { method: 'POST', headers: own, body: JSON.stringify({ name: 'test', scopes }) })
  const { key } = (await answer(made)) as { key: string }
  await fetch(`${url}/v1/session`, { method: 'DELETE', headers: { cookie, 'x-csrf-token': csrf_token } })
  return key
}

async function answer(response: Response): Promise<unknown> {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`)
  return response.json()
}
