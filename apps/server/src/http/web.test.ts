// The web application as the service sends it: a small one in the form that apps/web builds, over real HTTP, at the root and
// below a path of a proxy. The real one in a real browser: apps/web/test/e2e/serving.e2e.ts.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import path from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gzipSync } from 'node:zlib'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dataFolder } from '../../test/support/data-folder.ts'
import { type RunningProxy, startProxy } from '../../test/support/proxy.ts'
import { prepareAccounts } from '../accounts/prepare.ts'
import type { App } from '../app-type.ts'
import { type Config, configSchema } from '../config/config.ts'
import { type OpenDatabase, openDatabase } from '../db/open.ts'
import type { Services } from '../services.ts'
import { openStorage } from '../storage/open.ts'
import { createHub, type VideoHub } from '../watch/hub.ts'
import { buildApp } from './app.ts'
import { PAGES } from './web.ts'

const ADMIN = { name: 'boss', password: 'correct horse battery' }
const SCRIPT = `export const address = '${'x'.repeat(2000)}'\n`
const VIDEO = Buffer.from(Array.from({ length: 3000 }, (_each, i) => i % 251))
const INDEX = `<!doctype html>
<html lang="en"><head>
<link rel="icon" type="image/svg+xml" href="./icon.svg" />
<meta property="csp-nonce" nonce="KINORA-NONCE">
<script type="module" crossorigin src="./assets/index-OMVs8tVY.js" nonce="KINORA-NONCE"></script>
<link rel="stylesheet" crossorigin href="./assets/index-Dl4vYwaa.css" nonce="KINORA-NONCE">
</head><body><div id="root"></div><p>./ stays</p></body></html>
`

const data = await dataFolder('web')
const built = path.join(data, 'dist')
let database: OpenDatabase
let hub: VideoHub
let services: Services
const apps: App[] = []
const proxies: RunningProxy[] = []
let url = ''

function build(folder: string): void {
  for (const name of ['assets', 'examples']) mkdirSync(path.join(folder, name), { recursive: true })
  const files = {
    'index.html': INDEX,
    'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    'assets/index-OMVs8tVY.js': SCRIPT,
    'assets/index-OMVs8tVY.js.br': brotliCompressSync(SCRIPT),
    'assets/index-OMVs8tVY.js.gz': gzipSync(SCRIPT),
    'assets/index-Dl4vYwaa.css': 'body{}',
    'examples/panda.mp4': VIDEO,
    '.secret': 'not for everyone',
  }
  for (const [name, bytes] of Object.entries(files)) writeFileSync(path.join(folder, name), bytes)
}

async function listen(settings: Partial<Config> = {}, folder = built): Promise<string> {
  const app = await buildApp({ ...services, config: { ...services.config, ...settings } }, folder)
  apps.push(app)
  return app.listen({ host: '127.0.0.1', port: 0 })
}

async function proxy(service: string, at: string, options: { strip: boolean }): Promise<string> {
  const started = await startProxy(service, at, options)
  proxies.push(started)
  return started.url
}

beforeAll(async () => {
  build(built)
  const config = configSchema.parse({ data, adminUser: ADMIN.name, adminPassword: ADMIN.password })
  database = await openDatabase({ folder: data })
  hub = await createHub(database)
  const log = pino({ level: 'silent' })
  services = { config, db: database.db, listen: database.listen, storage: await openStorage(config), hub, log }
  await prepareAccounts(services)
  url = await listen()
})
afterAll(async () => {
  for (const each of proxies) await each.close()
  for (const app of apps) await app.close()
  await hub?.close()
  await database?.close()
  rmSync(data, { recursive: true, force: true })
})

const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
const get = (at: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(`${url}${at}`, { headers, method, redirect: 'manual' })
const nonceOf = (policy: string | null) => /'nonce-([\w-]+)'/.exec(policy ?? '')?.[1]
/** What a page names, as a browser resolves it. */
const addressesIn = (page: string, at: string) =>
  [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, name = '']) => new URL(name, at).href)

/** Path, headers and bytes as they are, where fetch would tidy them. */
function raw(at: string, headers: Record<string, string> = {}): Promise<{ status: number; encoding: string | undefined; body: Buffer }> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path: at, headers }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () =>
        resolve({ status: answer.statusCode!, encoding: answer.headers['content-encoding'], body: Buffer.concat(chunks) }),
      )
    })
    asked.on('error', reject).end()
  })
}

describe('the page', () => {
  test('stands at every address of the application', async () => {
    for (const page of PAGES) {
      const at = page.replace(':id', 'video_1').replace(':tab', 'users')
      const answer = await get(at, html)
      expect([at, answer.status, answer.headers.get('content-type')]).toEqual([at, 200, 'text/html; charset=utf-8'])
      const addresses = addressesIn(await answer.text(), `${url}${at}`)
      expect(addresses).toEqual([`${url}/icon.svg`, `${url}/assets/index-OMVs8tVY.js`, `${url}/assets/index-Dl4vYwaa.css`])
    }
  })

  test('is at the addresses that the application itself knows', () => {
    const routes = readFileSync(new URL('../../../web/src/app/Routes.tsx', import.meta.url), 'utf8')
    const known = [...routes.matchAll(/'(\/[^']*)': page\(|<Route path="([^"]+)"/g)].map(([, one, other]) => one ?? other)
    const ours = [...PAGES].filter((page) => page !== '/admin').map((page) => page.replace(':tab', ':tab?'))
    expect(new Set(known)).toEqual(new Set(ours))
  })

  test('has a nonce of its own each time, which its policy allows for styles alone', async () => {
    const seen = new Set<string>()
    for (let i = 0; i < 3; i++) {
      const answer = await get('/library')
      const policy = answer.headers.get('content-security-policy')!
      const nonce = nonceOf(policy)!
      expect(nonce).toMatch(/^[\w-]{22}$/)
      expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`)
      expect(policy).toMatch(/base-uri 'none'.*script-src 'self';/)
      expect(policy).not.toContain('unsafe')
      const page = await answer.text()
      expect([page.includes('KINORA-NONCE'), page.split(nonce).length - 1, page.includes('./ stays')]).toEqual([false, 3, true])
      expect(answer.headers.get('cache-control')).toBe('no-store')
      seen.add(nonce)
    }
    expect(seen.size).toBe(3)
    expect(nonceOf((await get('/docs')).headers.get('content-security-policy'))).toBeUndefined()
  })

  test('answers HEAD', async () => {
    const answer = await get('/', {}, 'HEAD')
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([200, 'text/html; charset=utf-8', ''])
  })

  test('says itself that an address is none, to whoever wants a page', async () => {
    const answer = await get('/nothing/here?a=/b/', html)
    expect(answer.status).toBe(404)
    expect(nonceOf(answer.headers.get('content-security-policy'))).toBeDefined()
    expect(addressesIn(await answer.text(), `${url}/nothing/here`)[0]).toBe(`${url}/icon.svg`)
    for (const [at, headers] of [
      ['/nothing', {}],
      ['/nothing', { accept: 'application/json' }],
      ['/v1/nothing', html],
      ['/v1', html],
      ['/assets/none.js', html],
      ['/examples/none.mp4', html],
    ] as [string, Record<string, string>][]) {
      const refused = await get(at, headers)
      expect([at, refused.status, ((await refused.json()) as { error: { code: string } }).error.code]).toEqual([at, 404, 'not_found'])
      expect(refused.headers.get('cache-control')).toBe('no-store')
    }
    expect((await get('/library', html, 'POST')).headers.get('content-type')).toMatch(/json/)
  })

  test('says how to build it when it has not been; all else works', async () => {
    const bare = await listen({}, path.join(data, 'none'))
    const answer = await fetch(`${bare}/library`, { headers: html })
    expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('npm run build -w apps/web') as string])
    expect((await fetch(`${bare}/icon.svg`)).status).toBe(404)
    expect((await fetch(`${bare}/v1/session`)).status).toBe(200)
    build(path.join(data, 'none'))
    expect((await fetch(`${bare}/library`)).status).toBe(200)
  })
})

describe('files', () => {
  test('named by their content are kept for good', async () => {
    const answer = await get('/assets/index-OMVs8tVY.js', { 'accept-encoding': 'identity' })
    expect(await answer.text()).toBe(SCRIPT)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': expect.stringMatching(/^(text|application)\/javascript; charset=utf-8$/) as string,
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
      'x-content-type-options': 'nosniff',
    })
  })

  test('come compressed as they lie there', async () => {
    const ask = (accepted: string) => raw('/assets/index-OMVs8tVY.js', { 'accept-encoding': accepted })
    const { encoding, body } = await ask('gzip, deflate, br, zstd')
    expect([encoding, brotliDecompressSync(body).toString()]).toEqual(['br', SCRIPT])
    expect((await ask('gzip')).encoding).toBe('gzip')
    expect((await get('/assets/index-Dl4vYwaa.css', { 'accept-encoding': 'br' })).headers.get('content-type')).toBe(
      'text/css; charset=utf-8',
    )
  })

  test('that may change are asked for again, and not sent again', async () => {
    const first = await get('/icon.svg')
    expect([first.headers.get('content-type'), first.headers.get('cache-control')]).toEqual(['image/svg+xml', 'no-cache'])
    const again = await raw('/icon.svg', { 'if-none-match': first.headers.get('etag')! })
    expect([again.status, again.body.length]).toEqual([304, 0])
  })

  test('in parts, as players ask for them', async () => {
    const whole = await get('/examples/panda.mp4')
    expect([whole.headers.get('content-type'), whole.headers.get('accept-ranges')]).toEqual(['video/mp4', 'bytes'])
    expect(Buffer.from(await whole.arrayBuffer())).toEqual(VIDEO)
    const part = await get('/examples/panda.mp4', { range: 'bytes=1000-1999' })
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 1000-1999/3000'])
    expect(Buffer.from(await part.arrayBuffer())).toEqual(VIDEO.subarray(1000, 2000))
    expect((await get('/examples/panda.mp4', { range: 'bytes=5000-' })).status).toBe(416)
    const head = await get('/examples/panda.mp4', {}, 'HEAD')
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '3000'])
  })

  test('lie in the built folder and nowhere else', async () => {
    for (const at of [
      '/assets/../.secret',
      '/assets/..%2f.secret',
      '/assets/..%2findex.html',
      '/assets/%2e%2e/%2e%2e/database/PG_VERSION',
      '/assets/..\\.secret',
      '/assets//etc/passwd',
      '/assets/a%00b',
      '/assets/.secret',
      '/assets/',
      '/examples',
    ]) {
      const { status, body } = await raw(at)
      expect([at, status >= 400 && status < 500, body.includes('"error"')]).toEqual([at, true, true])
    }
  })

  test('are not counted: a page asks for many', async () => {
    const strict = await listen({ limits: { ...services.config.limits, requestsPerMinute: 1 } })
    for (const status of [200, 200, 200]) expect((await fetch(`${strict}/icon.svg`)).status).toBe(status)
    expect((await fetch(`${strict}/`)).status).toBe(200)
    expect((await fetch(`${strict}/`)).status).toBe(429)
  })
})

/** As a browser that comes to this address. */
async function visit(at: string): Promise<void> {
  for (const page of ['', 'videos/video_1', 'no/such/page']) {
    const answer = await fetch(`${at}${page}`, { headers: html })
    expect(answer.status).toBe(page.startsWith('no') ? 404 : 200)
    const [icon, script] = addressesIn(await answer.text(), `${at}${page}`)
    expect(icon).toBe(`${at}icon.svg`)
    expect(await (await fetch(script!)).text()).toBe(SCRIPT)
  }
  const docs = await fetch(`${at}docs`)
  const linked = addressesIn(await docs.text(), docs.url).filter((address) => !address.includes('#'))
  expect(linked).toEqual([`${at}icon.svg`, expect.stringMatching(/\.css$/) as string, `${at}openapi.json`])
  for (const address of linked) expect([address, (await fetch(address)).status]).toEqual([address, 200])
  const document = (await (await fetch(`${at}openapi.json`)).json()) as { servers: { url: string }[] }
  expect(new URL(`${document.servers[0]!.url}/v1/session`, `${at}openapi.json`).href).toBe(`${at}v1/session`)
}

async function logIn(at: string): Promise<{ cookie: string; user: unknown }> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${at}v1/session`, { method: 'POST', headers, body: JSON.stringify(ADMIN) })
  const cookie = answer.headers.getSetCookie()[0]!
  const session = await fetch(`${at}v1/session`, { headers: { cookie: cookie.split(';')[0]! } })
  return { cookie, user: ((await session.json()) as { user: { name: string } }).user.name }
}

describe('below a path', () => {
  test('of a proxy that takes it off, without any setting', async () => {
    const at = await proxy(url, '/tools/kinora', { strip: true })
    await visit(at)
    expect(await logIn(at)).toMatchObject({ cookie: expect.stringContaining('; Path=/;') as string, user: ADMIN.name })
  })

  test.each([[true], [false]])('that publicUrl names, whether the proxy takes it off (%s) or not', async (strip) => {
    const service = await listen({ publicUrl: 'https://example.com/kinora/' })
    const at = await proxy(service, '/kinora', { strip })
    await visit(at)
    expect(await logIn(at)).toMatchObject({ cookie: expect.stringContaining('; Path=/kinora; ') as string, user: ADMIN.name })
    const bare = await fetch(`${service}/kinora?a=1`, { redirect: 'manual' })
    expect([bare.status, bare.headers.get('location')]).toEqual([302, '/kinora/?a=1'])
    expect((await fetch(`${service}/kinoraland`)).status).toBe(404)
    expect((await fetch(`${service}/health`)).status).toBe(200)
  })
})
