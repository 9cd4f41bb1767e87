// Pages of a real Chromium for end-to-end tests, logged in or not, and what holds for each of them: no script error, nothing
// that the content security policy forbids, no request to another origin. A test in which one of these happens fails.

import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, expect, inject } from 'vitest'
import { ADMIN } from './admin.ts'
import { askAs } from './requests.ts'

export interface Person {
  readonly name: string
  readonly password: string
}

interface PageOptions {
  /** null is nobody. */
  readonly as?: Person | null
  readonly language?: 'en' | 'zh'
  readonly scheme?: 'light' | 'dark'
  readonly phone?: boolean
  /** Another service than the shared one. */
  readonly url?: string
  readonly context?: BrowserContextOptions
}

const WIDE = { width: 1440, height: 900 }
const PHONE = { width: 390, height: 844 }
const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

let browser: Promise<Browser> | undefined
const contexts = new Set<BrowserContext>()
const problems: string[] = []

afterEach(async () => {
  await Promise.all([...contexts].map((context) => context.close()))
  contexts.clear()
  expect(problems.splice(0)).toEqual([])
})
afterAll(async () => (await browser)?.close())

/** The shared service's address, without a slash at the end. */
export function serviceUrl(): string {
  return inject('url').replace(/\/$/, '')
}

/** A page of a browser of its own, at no address yet: `page.goto('/')`. */
export async function newPage(options: PageOptions = {}): Promise<Page> {
  const { as = ADMIN, language = 'en', scheme = 'light', phone = false, url = serviceUrl(), context: more } = options
  browser ??= launch()
  const context = await (await browser).newContext({
    baseURL: url,
    viewport: phone ? PHONE : WIDE,
    ...(phone && { isMobile: true, hasTouch: true }),
    locale: language === 'zh' ? 'zh-CN' : 'en-US',
    colorScheme: scheme,
    ...more,
  })
  contexts.add(context)
  if (as) await logInAs(context, as)
  const page = await context.newPage()
  watch(page, new URL(url).origin)
  return page
}

/** Expected in this test: `pattern` matches the problem's text. */
export function forgiveProblems(pattern: RegExp): void {
  const others = problems.filter((problem) => !pattern.test(problem))
  problems.splice(0, problems.length, ...others)
}

/** A new user of the shared service. */
export async function addUser({ role = 'user', url = serviceUrl() }: { role?: 'user' | 'admin'; url?: string } = {}): Promise<Person> {
  const person = { name: `user-${randomUUID().slice(0, 8)}`, password: `${ADMIN.password} too` }
  const page = await newPage({ url })
  await askAs(page, '/v1/admin/users', { ...person, role })
  await page.context().close()
  contexts.delete(page.context())
  return person
}

/** Fails for whatever `accessFaults` finds. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await accessFaults(page)).toEqual([])
}

/** Every breach of WCAG 2.2 A and AA, and of axe's best practices, that axe finds on the page as it is. */
export async function accessFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).analyze()
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html, any }) => `${id}: ${help}\n  ${html}\n  ${any[0]?.message ?? ''}`))
}

async function launch(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? PROGRAMS.find(existsSync)
  if (!executablePath) throw new Error('the end-to-end tests need Chromium: install it, or name it in CHROMIUM')
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'] })
}

async function logInAs(context: BrowserContext, { name, password }: Person): Promise<void> {
  const answer = await context.request.post('/v1/session', { data: { name, password } })
  if (!answer.ok()) throw new Error(`log-in as ${name}: ${await answer.text()}`)
}

function watch(page: Page, origin: string): void {
  page.on('pageerror', (error) => problems.push(`script error: ${error.message}`))
  page.on('console', (message) => {
    const text = message.text()
    if (/content security policy/i.test(text)) problems.push(`policy: ${text}`)
    // React's own complaints; refused requests are reported here as well, and are a test's own business.
    else if (message.type() === 'error' && !text.startsWith('Failed to load resource')) problems.push(`console: ${text}`)
  })
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (/^https?:$/.test(url.protocol) && url.origin !== origin) problems.push(`request to another origin: ${url.href}`)
  })
}
