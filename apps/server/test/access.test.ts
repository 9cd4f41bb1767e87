// Who may do what: every route of the real service, as everybody who might ask. A route that is registered and has no
// line in the table below fails the test, and so does a line whose route is gone.

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { eq, sql } from 'drizzle-orm'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse, RouteOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Access } from '../src/accounts/access.ts'
import { csrfToken } from '../src/accounts/csrf.ts'
import type { Identity } from '../src/accounts/identity.ts'
import { addKey } from '../src/accounts/keys.ts'
import { hashPassword } from '../src/accounts/passwords.ts'
import { beginSession } from '../src/accounts/sessions.ts'
import { addUser, changeUser } from '../src/accounts/users.ts'
import { apiKeys, models, sessions, users, videos } from '../src/db/schema.ts'
import type { Scope, VideoRequest } from '../src/db/values.ts'
import { WEB_FOLDER } from '../src/http/web-page.ts'
import { newId, sha256 } from '../src/ids.ts'
import { REQUEST as PLAIN } from './support/request.ts'
import { startService, type TestService } from './support/service.ts'

const PASSWORD = 'correct horse battery'
const SCOPES: readonly Scope[] = ['videos:read', 'videos:write', 'admin']

interface Expectation {
  readonly access: Access
  /** What those who may get. */
  readonly allowed: number
  /** What another user gets where it is about one video: 404, as if it were not there. */
  readonly other?: number
  /** What the path's :id stands for; of a video, its state. */
  readonly id?: 'queued' | 'completed' | 'key' | 'user'
  readonly body?: (id: string) => object
  readonly query?: string
  /** Refused to keys, whatever their scopes: 403 session_required. */
  readonly sessionsOnly?: true
}

const prompt = () => ({ prompt: 'a panda' })
const ofVideo = { access: 'videos:read', allowed: 200, other: 404, id: 'completed' } as const
const changeOfVideo = { access: 'videos:write', allowed: 200, other: 404, id: 'queued' } as const
/** Of many at once: what is not there is left out of the answer. */
const marks = { ...changeOfVideo, other: 200 } as const
const forAdmins = { access: 'admin', allowed: 200 } as const
const open = { access: 'public', allowed: 200 } as const

/** Of the web application, which need not be built here. */
const isBuilt = existsSync(path.join(WEB_FOLDER, 'index.html'))
const page = { ...open, allowed: isBuilt ? 200 : 503 } as const

/** HEAD is as GET. */
const EXPECTED: Readonly<Record<string, Expectation>> = {
  'POST /v1/videos': { access: 'videos:write', allowed: 200, body: prompt },
  'POST /v1/videos/:id/remix': { ...changeOfVideo, id: 'completed', body: prompt },
  // Who may gets as far as the video's bytes, which are gone.
  'POST /v1/videos/edits': { ...changeOfVideo, id: 'completed', allowed: 410, body: (id) => ({ ...prompt(), video: { id } }) },
  'POST /v1/videos/extensions': { ...changeOfVideo, id: 'completed', allowed: 410, body: (id) => ({ ...prompt(), video: { id } }) },
  'POST /v1/videos/sync': { access: 'videos:write', allowed: 400, body: () => ({}) },
  'GET /v1/videos': { access: 'videos:read', allowed: 200 },
  'GET /v1/videos/:id': ofVideo,
  'DELETE /v1/videos/:id': changeOfVideo,
  'GET /v1/videos/:id/content': { ...ofVideo, id: 'queued', allowed: 409 },
  'GET /v1/videos/:id/events': ofVideo,
  'POST /v1/videos/:id/cancel': changeOfVideo,
  'POST /v1/videos/cancel': { access: 'videos:write', allowed: 200, body: () => ({ scope: 'waiting' }) },
  'POST /v1/videos/star': { ...marks, body: (id) => ({ ids: [id], starred: true }) },
  'POST /v1/videos/trash': { ...marks, body: (id) => ({ ids: [id] }) },
  'POST /v1/videos/restore': { ...marks, body: (id) => ({ ids: [id] }) },
  'POST /v1/videos/:id/move': { ...changeOfVideo, body: () => ({ after: null }) },
  'PATCH /v1/videos/:id': { ...changeOfVideo, body: prompt },
  'GET /v1/queue': { access: 'videos:read', allowed: 200 },
  'POST /v1/queue/pause': { access: 'videos:write', allowed: 200 },
  'POST /v1/queue/resume': { access: 'videos:write', allowed: 200 },
  'GET /v1/models': { access: 'signed-in', allowed: 200 },
  'GET /v1/models/:model': { access: 'signed-in', allowed: 200 },
  'GET /v1/capabilities': { access: 'signed-in', allowed: 200 },
  'POST /v1/prompts/check': { access: 'signed-in', allowed: 200, body: prompt },
  'GET /v1/session': open,
  'POST /v1/session': { access: 'public', allowed: 400, body: () => ({ name: '', password: '' }) },
  'DELETE /v1/session': { access: 'signed-in', allowed: 200 },
  'POST /v1/setup': { access: 'public', allowed: 403, body: () => ({ token: 'guess', name: 'boss', password: PASSWORD }) },
  'PUT /v1/account/password': {
    access: 'signed-in',
    allowed: 200,
    sessionsOnly: true,
    body: () => ({ current_password: PASSWORD, new_password: PASSWORD }),
  },
  'GET /v1/keys': { access: 'signed-in', allowed: 200, sessionsOnly: true },
  'POST /v1/keys': { access: 'signed-in', allowed: 201, sessionsOnly: true, body: () => ({ name: 'one more' }) },
  'DELETE /v1/keys/:id': { access: 'signed-in', allowed: 200, other: 404, sessionsOnly: true, id: 'key' },
  'GET /v1/admin/users': forAdmins,
  'POST /v1/admin/users': { ...forAdmins, allowed: 201, body: () => ({ name: newId('user'), password: PASSWORD }) },
  'GET /v1/admin/users/:id': { ...forAdmins, id: 'user' },
  'PATCH /v1/admin/users/:id': { ...forAdmins, id: 'user', body: () => ({ disabled: true }) },
  'DELETE /v1/admin/users/:id': { ...forAdmins, id: 'user' },
  'GET /v1/admin/keys': forAdmins,
  'DELETE /v1/admin/keys/:id': { ...forAdmins, id: 'key' },
  'GET /v1/admin/audit': forAdmins,
  'GET /v1/admin/workers': forAdmins,
  'GET /v1/admin/storage': forAdmins,
  'GET /health': open,
  // No worker runs here.
  'GET /ready': { ...open, allowed: 503 },
  'GET /metrics': open,
  'GET /openapi.json': open,
  'GET /docs': open,
  'GET /docs/*.css': open,
  'GET /': page,
  'GET /setup': page,
  'GET /library': page,
  'GET /compare': page,
  'GET /videos/:id': page,
  'GET /queue': page,
  'GET /account': page,
  'GET /admin': page,
  'GET /admin/:tab': page,
  'GET /help': page,
  'GET /icon.svg': { ...open, allowed: isBuilt ? 200 : 404 },
  // No file has a star for its name.
  'GET /assets/*': { ...open, allowed: 404 },
  'GET /examples/*': { ...open, allowed: 404 },
}

const REQUEST: VideoRequest = { ...PLAIN, prompt: "ann's secret idea", num_frames: 4 }

let service: TestService
/** METHOD URL -> access, of all that was registered. */
const registered = new Map<string, Access | undefined>()
let stylesheet = ''

interface Person {
  readonly id: string
  readonly identity: Identity
  /** The headers of a session of theirs that began just now. */
  session(): Promise<Record<string, string>>
  key(scopes?: readonly Scope[]): Promise<{ id: string; headers: Record<string, string> }>
}
const people: Record<'ann' | 'bob' | 'boss' | 'gone', Person> = {} as never

function watchRoutes(message: unknown): void {
  const { fastify } = message as { fastify: FastifyInstance }
  fastify.addHook('onRoute', ({ method, url, config }: RouteOptions) => {
    if (url.endsWith('.css')) stylesheet = url
    for (const each of [method].flat()) registered.set(`${each} ${url.replace(/\/[0-9a-f]+\.css$/, '/*.css')}`, config?.access)
  })
}

beforeAll(async () => {
  subscribe('fastify.initialization', watchRoutes)
  service = await startService({ workers: 0, limits: { requestsPerMinute: 1_000_000 } })
  unsubscribe('fastify.initialization', watchRoutes)
  const { db } = service.running.services
  const passwordHash = await hashPassword(PASSWORD)
  for (const name of ['ann', 'bob', 'boss', 'gone'] as const) {
    const { id } = await addUser(db, { userId: null }, { name, passwordHash, role: name === 'boss' ? 'admin' : 'user' })
    people[name] = person(id, name)
  }
  const defaults = { width: 64, height: 64, num_frames: 4, num_inference_steps: 2, guidance_scale: 9, strength: 0.6, fps: 8 }
  const description = { name: 'tiny', title: 'Tiny', license: null, defaults, size_multiple: 8, scheduler: 'ddim', loras: [] }
  await db.insert(models).values({ name: 'tiny', description })
})
afterAll(() => service?.close())

function person(id: string, name: keyof typeof people): Person {
  const { db, config } = service.running.services
  const role = name === 'boss' ? 'admin' : 'user'
  const own = SCOPES.filter((scope) => role === 'admin' || scope !== 'admin')
  const identity: Identity = { userId: id, name, role, via: 'session', scopes: new Set(own) }
  return {
    id,
    identity,
    session: async () => {
      const token = await beginSession(db, config, id, '127.0.0.1')
      return { cookie: `kinora_session=${token}`, 'x-csrf-token': csrfToken(token) }
    },
    key: async (scopes = own) => {
      const { row, key } = await addKey(db, identity, '127.0.0.1', { name: 'test', scopes, expiresAt: null })
      return { id: row.id, headers: { authorization: `Bearer ${key}` } }
    },
  }
}

async function newVideo({ id: userId }: Person, status: 'queued' | 'completed'): Promise<string> {
  const id = newId('video')
  const file = { key: `${'0'.repeat(64)}.mp4`, bytes: 1, mediaType: 'video/mp4', digest: '0'.repeat(64) }
  const ended = status === 'completed' ? { completedAt: sql`now()` as never, files: { video: file } } : {}
  await service.running.services.db.insert(videos).values({ id, userId, model: 'tiny', request: REQUEST, position: 1, status, ...ended })
  return id
}

/** Something of the owner's that the path's :id can stand for. */
async function newThing(owner: Person, kind: Expectation['id']): Promise<string> {
  if (kind === 'queued' || kind === 'completed') return newVideo(owner, kind)
  if (kind === 'key') return (await owner.key()).id
  const { db } = service.running.services
  if (kind === 'user') return (await addUser(db, { userId: null }, { name: newId('user'), passwordHash: 'none', role: 'user' })).id
  return ''
}

function send(route: string, id: string, headers: Record<string, string>, more: InjectOptions = {}): Promise<LightMyRequestResponse> {
  const [method = '', path_ = ''] = route.split(' ')
  const { body, query = '' } = EXPECTED[route.replace('HEAD', 'GET')]!
  const url = path_.replace(':id', id).replace(':model', 'tiny').replace('/docs/*.css', stylesheet) + query
  const options = { method: method as 'GET', url, headers, ...more }
  return service.running.app.inject(body ? { ...options, payload: body(id) } : options)
}

/** Status and code; HEAD has no code. */
function outcome({ statusCode, body, headers }: LightMyRequestResponse): [number, string | undefined] {
  const isJson = String(headers['content-type']).startsWith('application/json') && body !== ''
  return [statusCode, isJson ? (JSON.parse(body) as { error?: { code: string } }).error?.code : undefined]
}

const routesOf = (route: string) =>
  route.startsWith('GET') && registered.has(route.replace('GET', 'HEAD')) ? [route, route.replace('GET', 'HEAD')] : [route]
const isUnsafe = (route: string) => !/^(GET|HEAD) /.test(route)
const protectedRoutes = Object.entries(EXPECTED).filter(([, { access }]) => access !== 'public')
const publicRoutes = Object.entries(EXPECTED).filter(([, { access }]) => access === 'public')

test('every route has its line here, and says the same of itself', () => {
  const said = Object.fromEntries([...registered].filter(([route]) => !route.startsWith('HEAD ')))
  expect(said).toEqual(Object.fromEntries(Object.entries(EXPECTED).map(([route, { access }]) => [route, access])))
  for (const [route, access] of registered) if (route.startsWith('HEAD ')) expect(access).toBe(said[route.replace('HEAD', 'GET')])
})

test('the document says of every route that is not public what it takes', async () => {
  const document = (await service.running.app.inject('/openapi.json')).json<{
    paths: Record<string, Record<string, { security: object[] }>>
  }>()
  for (const [route, { access }] of Object.entries(EXPECTED)) {
    const [method = '', url = ''] = route.split(' ')
    const operation = document.paths[url.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
    if (operation) expect(operation.security, route).toHaveLength(access === 'public' ? 0 : 2)
  }
})

describe('who is nobody gets nowhere, and changes nothing:', () => {
  const strangers: Record<string, { headers: Record<string, string>; code: string }> = {}
  let shared: Record<string, string>

  beforeAll(async () => {
    const { db } = service.running.services
    const { ann, boss, gone } = people
    const expired = await boss.session()
    await db.update(sessions).set({ expiresAt: sql`now() - interval '1 second'` }).where(eq(sessions.userId, boss.id))
    const [revoked, old, stale] = [await boss.key(), await boss.key(), await ann.key()]
    await db.update(apiKeys).set({ revokedAt: sql`now()` }).where(eq(apiKeys.id, revoked.id))
    await db.update(apiKeys).set({ expiresAt: sql`now()` }).where(eq(apiKeys.id, old.id))
    const [goneSession, goneKey] = [await gone.session(), await gone.key()]
    await changeUser(db, { userId: null }, gone.id, { disabled: true })
    const forged = 'A'.repeat(43)
    const ended = 'session_ended'
    const invalid = 'invalid_api_key'
    Object.assign(strangers, {
      nobody: { headers: {}, code: 'not_authenticated' },
      'a forged cookie': { headers: { cookie: `kinora_session=${forged}`, 'x-csrf-token': csrfToken(forged) }, code: ended },
      "a session's digest as cookie": { headers: { cookie: `kinora_session=${sha256(forged)}` }, code: ended },
      'an expired session': { headers: expired, code: ended },
      "a disabled user's session": { headers: goneSession, code: ended },
      'an unknown key': { headers: { authorization: `Bearer kinora_${forged}` }, code: invalid },
      'a revoked key': { headers: revoked.headers, code: invalid },
      'an expired key': { headers: old.headers, code: invalid },
      "a disabled user's key": { headers: goneKey.headers, code: invalid },
      'a key in another scheme': {
        headers: { authorization: stale.headers.authorization!.replace('Bearer', 'Basic') },
        code: 'not_authenticated',
      },
    })
    shared = {}
    for (const kind of ['queued', 'completed', 'key', 'user'] as const) shared[kind] = await newThing(ann, kind)
  })

  const state = async () => {
    const { db } = service.running.services
    const keys = await db.select().from(apiKeys).orderBy(apiKeys.id)
    return [
      await db.select().from(videos).orderBy(videos.id),
      await db.select().from(users).orderBy(users.id),
      await db.select().from(sessions).orderBy(sessions.tokenHash),
      keys.map((key) => ({ ...key, usedAt: null })),
    ]
  }

  test.each(protectedRoutes)('%s', async (route, { access, id, sessionsOnly }) => {
    const { ann, bob, boss } = people
    const thing = id === undefined ? '' : shared[id]!
    const cases: { who: string; headers: Record<string, string>; expected: [number, string] }[] = Object.entries(strangers).map(
      ([who, { headers, code }]) => ({ who, headers, expected: [401, code] }),
    )
    const add = (who: string, headers: Record<string, string>, code: string) => cases.push({ who, headers, expected: [403, code] })
    if (isUnsafe(route)) {
      const { cookie } = (await boss.session()) as { cookie: string }
      const others = (await bob.session())['x-csrf-token']!
      add('a session without its CSRF token', { cookie }, 'csrf_token')
      add("a session with another one's CSRF token", { cookie, 'x-csrf-token': others }, 'csrf_token')
    }
    if (access !== 'signed-in')
      add('a key of too small scope', (await boss.key(SCOPES.filter((scope) => scope !== access))).headers, 'missing_scope')
    if (sessionsOnly) add('a key', (await boss.key()).headers, 'session_required')
    if (access === 'admin') {
      add('a user', await ann.session(), 'not_administrator')
      add("a user's key", (await ann.key()).headers, 'missing_scope')
    }
    const before = await state()
    for (const { who, headers, expected } of cases)
      for (const each of routesOf(route)) {
        const [status, code] = outcome(await send(each, thing, headers))
        expect([who, status, each.startsWith('HEAD') ? expected[1] : code]).toEqual([who, ...expected])
      }
    expect(await state()).toEqual(before)
  })
})

describe('who may gets there, and others do not see that there is anything:', () => {
  test.each(protectedRoutes)('%s', async (route, { access, allowed, other, id, sessionsOnly }) => {
    const { ann, bob, boss } = people
    for (const each of routesOf(route)) {
      const callers: [string, Person, Record<string, string>][] = []
      if (access !== 'admin') callers.push(['the user', ann, await ann.session()])
      callers.push(['an administrator', boss, await boss.session()])
      if (!sessionsOnly) callers.push(["an administrator's key", boss, (await boss.key()).headers])
      if (!sessionsOnly && access !== 'admin') {
        const least: Scope = access === 'signed-in' || access === 'public' ? 'videos:read' : access
        callers.push(["the user's key of just this scope", ann, (await ann.key([least])).headers])
      }
      for (const [who, caller, headers] of callers) {
        const thing = await newThing(id === 'key' ? caller : ann, id)
        expect([each, who, outcome(await send(each, thing, headers))[0]]).toEqual([each, who, allowed])
      }
      if (other === undefined) continue
      const thing = await newThing(ann, id)
      for (const headers of [await bob.session(), ...(sessionsOnly ? [] : [(await bob.key()).headers])]) {
        const [found, missing] = [await send(each, thing, headers), await send(each, newId(id === 'key' ? 'key' : 'video'), headers)]
        expect([each, 'another user', found.statusCode]).toEqual([each, 'another user', other])
        expect(found.body).toBe(missing.body)
      }
    }
  })
})

describe('what is public takes no notice of who asks:', () => {
  test.each(publicRoutes.filter(([route]) => route !== 'GET /metrics'))('%s', async (route, { allowed }) => {
    const boss = await people.boss.session()
    for (const each of routesOf(route))
      for (const headers of [{}, { cookie: `kinora_session=${'A'.repeat(43)}` }, { authorization: 'Bearer wrong' }, boss] as Record<
        string,
        string
      >[])
        expect(outcome(await send(each, '', headers))[0]).toBe(allowed)
  })

  test('but for the figures, which are for administrators, and for this machine', async () => {
    const { ann, boss } = people
    const ask = async (headers: Record<string, string>, remoteAddress: string) =>
      (await send('GET /metrics', '', headers, { remoteAddress })).statusCode
    expect(await ask({}, '127.0.0.1')).toBe(200)
    expect(await ask({}, '203.0.113.9')).toBe(403)
    expect(await ask({ 'x-forwarded-for': '127.0.0.1' }, '203.0.113.9')).toBe(403)
    for (const headers of [await ann.session(), (await ann.key()).headers, (await boss.key(['videos:read'])).headers])
      expect(await ask(headers, '127.0.0.1')).toBe(403)
    for (const headers of [await boss.session(), (await boss.key(['admin'])).headers]) expect(await ask(headers, '203.0.113.9')).toBe(200)
  })
})

test('lists and queues have only the own videos, but for administrators who ask for more', async () => {
  const { ann, bob, boss } = people
  const id = await newVideo(ann, 'queued')
  const idsOf = async (url: string, headers: Record<string, string>) => {
    const answer = await service.running.app.inject({ url, headers })
    return answer.statusCode === 200 ? answer.json<{ data: { id: string }[] }>().data.map((video) => video.id) : answer.statusCode
  }
  const plainKey = (await boss.key(['videos:read'])).headers
  for (const url of ['/v1/videos?limit=100', '/v1/queue']) {
    expect(await idsOf(url, await ann.session())).toContain(id)
    for (const headers of [await bob.session(), (await bob.key()).headers, await boss.session()])
      expect(await idsOf(url, headers)).not.toContain(id)
  }
  for (const query of ['all=true', `user=${ann.id}`]) {
    for (const headers of [await bob.session(), plainKey]) expect(await idsOf(`/v1/videos?${query}`, headers)).toBe(403)
    expect(await idsOf(`/v1/videos?limit=100&${query}`, await boss.session())).toContain(id)
  }
  expect((await send('GET /v1/videos/:id', id, plainKey)).statusCode).toBe(404)
  expect(await idsOf(`/v1/videos?after=${id}`, await bob.session())).toBe(404)
})

test('nothing that is refused says what it is about', async () => {
  const { ann, bob } = people
  const id = await newVideo(ann, 'completed')
  for (const [route, { id: kind, access }] of protectedRoutes) {
    if (kind !== 'completed' && kind !== 'queued') continue
    const answer = await send(route, id, await bob.session())
    expect([route, access, answer.body]).not.toEqual([route, access, expect.stringMatching(/secret idea|ann/)])
  }
})
