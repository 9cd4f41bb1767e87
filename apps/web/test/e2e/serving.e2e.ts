// The built application below a path of a proxy, in a real browser: with a proxy that takes the path off and no setting at all,
// and with one that leaves it there, of which publicUrl tells. newPage (support/browser.ts) fails a test for whatever the
// content security policy forbids and for every request to another origin.

import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ADMIN } from './support/admin.ts'
import { newPage, serviceUrl } from './support/browser.ts'
import { type Served, startKinora } from './support/service.ts'

const PATH = '/tools/kinora'

let data = ''
let service: Served
const proxies: Server[] = []
let stripping = ''
let passing = ''

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'kinora-serving-'))
  stripping = await proxy(serviceUrl, { strip: true })
  passing = await proxy(() => service.url, { strip: false })
  service = await startKinora({ data, args: ['--public-url', `${passing}/`] })
})
afterAll(async () => {
  for (const server of proxies) {
    server.closeAllConnections()
    server.close()
  }
  await service?.kill()
  await rm(data, { recursive: true, force: true })
})

/** Where the service is found through it. */
async function proxy(url: () => string, { strip }: { strip: boolean }): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    const { url: at = '/', method, headers } = incoming
    if (!at.startsWith(`${PATH}/`)) return outgoing.writeHead(502).end()
    const passed = request(url() + (strip ? at.slice(PATH.length) : at), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(outgoing)
    })
    passed.on('error', () => outgoing.destroy())
    return incoming.pipe(passed)
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  proxies.push(server)
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`
}

/** The development server's pages are not built, and have no nonce. */
const isBuilt = process.env.KINORA_E2E_URL === undefined

test.runIf(isBuilt).each([['that takes its path off', () => stripping] as const, ['that leaves it', () => passing] as const])(
  'everything works below a path of a proxy %s',
  async (_name, at) => {
    const page = await newPage({ as: null, url: at() })
    const failed: string[] = []
    page.on('response', (answer) => {
      if (answer.status() >= 400) failed.push(`${answer.status()} ${answer.url()}`)
    })
    await page.goto(`${at()}/library`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    const session = await page.context().request.post(`${at()}/v1/session`, { data: ADMIN })
    expect(session.status()).toBe(201)
    await page.reload()
    await page.getByRole('link', { name: 'Queue' }).click()
    await page.waitForURL(`${at()}/queue`)
    await page.goto(`${at()}/admin/users`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(await page.title()).toContain('Kinora')
    expect(failed).toEqual([])
    const missing = await page.goto(`${at()}/no/such/page`)
    expect(missing?.status()).toBe(404)
    await page.getByRole('heading', { level: 1 }).waitFor()
  },
)

test.runIf(isBuilt)('pages and scripts come with what a browser needs to trust and to keep them', async () => {
  const page = await newPage({ as: null })
  const answers = new Map<string, Record<string, string>>()
  page.on('response', (answer) => void answers.set(new URL(answer.url()).pathname, answer.headers()))
  await page.goto('/help')
  await page.getByRole('heading', { level: 1 }).waitFor()
  const nonce = await page.evaluate(() => document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce)
  const policy = answers.get('/help')?.['content-security-policy']
  expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`)
  expect(policy).not.toContain('unsafe')
  const [, script] = [...answers].find(([at]) => /^\/assets\/index-.*\.js$/.test(at))!
  expect(script).toMatchObject({
    'cache-control': 'public, max-age=31536000, immutable',
    'content-encoding': expect.stringMatching(/br|gzip/),
  })
  // Mantine's own style elements are let be: its variables hold.
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--mantine-color-body'))).not.toBe('')
})
