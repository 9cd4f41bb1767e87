// The edge as a whole, over the real database, storage and hub; requests are injected.

import { rmSync } from 'node:fs'
import { connect } from 'node:net'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dataFolder } from '../../test/support/data-folder.ts'
import { prepareAccounts } from '../accounts/prepare.ts'
import type { App } from '../app-type.ts'
import { configSchema } from '../config/config.ts'
import { type OpenDatabase, openDatabase } from '../db/open.ts'
import { heartbeat, leave } from '../queue/lost.ts'
import type { Services } from '../services.ts'
import { openStorage } from '../storage/open.ts'
import { createHub, type VideoHub } from '../watch/hub.ts'
import { buildApp } from './app.ts'
import type { ErrorEnvelope } from './errors.ts'

const PER_MINUTE = 60
const PROMPT = 'a panda that nobody may read about'
const data = await dataFolder('app')
const lines: string[] = []
let database: OpenDatabase
let hub: VideoHub
let services: Services
let app: App
let url = ''

beforeAll(async () => {
  const config = configSchema.parse({ data, auth: 'none', limits: { requestsPerMinute: PER_MINUTE }, lostAfterSeconds: 60 })
  database = await openDatabase({ folder: data })
  hub = await createHub(database)
  const log = pino({ level: 'debug' }, { write: (line: string) => lines.push(line) })
  services = { config, db: database.db, listen: database.listen, storage: await openStorage(config), hub, log }
  await prepareAccounts(services)
  app = await buildApp(services)
  url = await app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await app?.close()
  await hub?.close()
  await database?.close()
  rmSync(data, { recursive: true, force: true })
})

const headers = { host: 'localhost' }
const get = (at: string, more: Record<string, string> = {}) =>
  app.inject({ url: at, headers: { ...headers, ...more }, remoteAddress: '10.0.0.1' })
const errorOf = (response: { json: () => unknown }) => (response.json() as ErrorEnvelope).error
/** What the log says of a request, when it is over. */
async function logged(request: string): Promise<Record<string, unknown>[]> {
  await new Promise((resolve) => setTimeout(resolve, 50))
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line.request === request)
}

describe('every answer', () => {
  test.each(['/health', '/none', '/docs', '/openapi.json', '/v1/videos/none', '/%zz', `/v1/videos/${'x'.repeat(300)}`])(
    'of %s has an id',
    async (at) => {
      const response = await get(at)
      expect(response.headers['x-request-id']).toMatch(/^req_\w{24}$/)
      if (response.statusCode >= 400) expect(errorOf(response)).toMatchObject({ type: 'invalid_request_error', param: null })
    },
  )

  test('keeps pages from running or framing anything', async () => {
    const response = await get('/docs')
    expect(response.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
    })
    expect(String(response.headers['content-security-policy'])).toMatch(/default-src 'self'.*frame-ancestors 'none'.*object-src 'none'/)
    expect(String(response.headers['content-security-policy'])).not.toContain('unsafe')
    expect(response.headers).not.toHaveProperty('strict-transport-security')
  })

  test('in the envelope, also where there is no route or the URL is none', async () => {
    expect(errorOf(await get('/none'))).toMatchObject({ code: 'not_found' })
    expect(errorOf(await get('/%zz'))).toMatchObject({ code: 'invalid_url' })
    expect(errorOf(await get('/v1/videos?limit=x'))).toMatchObject({ code: 'invalid_value', param: 'limit' })
    expect(errorOf(await get('/v1/videos/a%00b'))).toMatchObject({ code: 'invalid_text', param: 'id' })
  })

  test('and when the bytes are no HTTP', async () => {
    const answer = await new Promise<string>((resolve) => {
      let text = ''
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write('no HTTP\r\n\r\n'))
      socket.on('data', (bytes) => {
        text += bytes.toString()
      })
      socket.on('close', () => resolve(text))
    })
    expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*\r\nx-request-id: req_/)
    expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toMatchObject({ error: { type: 'invalid_request_error', code: 'invalid_http' } })
  })
})

describe('the log', () => {
  test('has a line for a request, with its route but not its query', async () => {
    const response = await get('/v1/videos?after=secret')
    const [line] = await logged(String(response.headers['x-request-id']))
    expect(line).toMatchObject({ method: 'GET', route: '/v1/videos', status: 404, user: 'local', msg: 'request' })
    expect(line!.ms).toBeTypeOf('number')
    expect(lines.join('')).not.toContain('secret')
  })

  test('tells a failure without the values of its statement', async () => {
    await database.db.execute('alter table videos rename to videos_away')
    try {
      const response = await app.inject({ method: 'GET', url: '/v1/videos', query: { user: PROMPT }, headers })
      expect(response.statusCode).toBe(500)
      expect(errorOf(response)).toMatchObject({
        type: 'server_error',
        code: 'internal_error',
        message: expect.stringContaining('req_') as string,
      })
      expect(response.body).not.toMatch(/select|videos_|relation/)
      const [line] = await logged(String(response.headers['x-request-id']))
      expect(line).toMatchObject({ level: 50, err: { type: 'DrizzleQueryError', cause: { code: '42P01' } } })
      expect(lines.join('')).not.toContain(PROMPT)
    } finally {
      await database.db.execute('alter table videos_away rename to videos')
    }
  })
})

test('/ready says what is missing', async () => {
  const missing = await get('/ready')
  expect([missing.statusCode, errorOf(missing)]).toEqual([
    503,
    expect.objectContaining({ code: 'not_ready', message: 'no worker is alive' }),
  ])
  expect(Number(missing.headers['retry-after'])).toBeGreaterThan(0)
  await heartbeat(database.db, { id: 'w', name: 'w', device: 'cpu', models: [] })
  await expect.poll(async () => (await get('/ready')).statusCode, { timeout: 5000, interval: 200 }).toBe(200)
  await leave(database.db, ['w'])
})

test('/metrics counts by route, and only nearby', async () => {
  const text = (await get('/metrics')).body
  expect(text).toMatch(/kinora_http_requests_total\{method="GET",route="\/v1\/videos\/:id",status="404"\} \d/)
  expect(text).toMatch(/kinora_videos\{status="queued"\} 0/)
  expect(text).toContain('process_resident_memory_bytes')
  // Of the long id that was asked for above: nothing a client makes up becomes a label.
  expect(text).not.toContain('xxx')
})

describe('the reference', () => {
  test('is a page of its own without scripts or inline styles, with every operation', async () => {
    const page = (await get('/docs')).body
    const { paths } = (await get('/openapi.json')).json<{ paths: Record<string, Record<string, { operationId: string }>> }>()
    for (const [at, item] of Object.entries(paths)) {
      expect(page).toContain(`<code>${at}</code>`)
      for (const { operationId } of Object.values(item)) expect(page).toContain(`<article id="${operationId}"`)
    }
    expect(page).not.toMatch(/<script|\sstyle=|\son\w+=|https?:\/\//)
    const [, style = ''] = /<link rel="stylesheet" href="([^"]+)">/.exec(page) ?? []
    const css = await get(new URL(style, 'http://localhost/docs').pathname)
    expect(css.headers).toMatchObject({
      'content-type': 'text/css; charset=utf-8',
      'cache-control': expect.stringContaining('immutable') as string,
    })
    expect(css.body).not.toMatch(/url\(|@import/)
  })

  test('closes every tag that it opens', async () => {
    const page = (await get('/docs')).body
    const open: string[] = []
    for (const [, slash, name = ''] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
      if (['meta', 'link', 'br'].includes(name)) continue
      if (slash === '') open.push(name)
      else expect(open.pop()).toBe(name)
    }
    expect(open).toEqual([])
  })
})

test('too many requests of an account are refused for a while; health and players are not counted', async () => {
  const results = new Map<number, number>()
  for (let i = 0; i < PER_MINUTE + 5; i++) {
    const { statusCode } = await get('/v1/queue')
    results.set(statusCode, (results.get(statusCode) ?? 0) + 1)
  }
  expect(results.get(429)).toBeGreaterThanOrEqual(5)
  const refused = await get('/v1/queue')
  expect(errorOf(refused)).toMatchObject({ type: 'rate_limit_error', code: 'rate_limit_exceeded' })
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  expect((await get('/health')).statusCode).toBe(200)
  expect((await get('/v1/videos/none/content', { range: 'bytes=0-1' })).statusCode).toBe(404)
  expect((await get('/v1/videos/none/content')).statusCode).toBe(429)
})
