// What holds for every page, in both languages, both schemes and on a phone: accessible (WCAG 2.2 AA by axe), translated
// completely, no wider than the screen. And for the application: how large it is, how soon something is there.

import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { accessFaults, addUser, newPage, type Person } from './support/browser.ts'
import { PAGES } from './support/pages.ts'
import { makeQuickVideo } from './support/requests.ts'

let admin: Person
let videos: [string, string]

beforeAll(async () => {
  admin = await addUser({ role: 'admin' })
  const page = await newPage({ as: admin })
  const make = async (prompt: string) => (await makeQuickVideo(page, { prompt })).id
  videos = [await make('a red circle moving left on a white background'), await make('a blue square growing on a black background')]
})

test.each([
  { language: 'en', scheme: 'light', phone: false },
  { language: 'zh', scheme: 'dark', phone: false },
  { language: 'zh', scheme: 'light', phone: true },
] as const)('every page: $language, $scheme, phone $phone', { timeout: 240_000 }, async ({ language, scheme, phone }) => {
  const look = { language, scheme, phone }
  const outside = await newPage({ ...look, as: null })
  const inside = await newPage({ ...look, as: admin })
  const found: Record<string, readonly string[]> = {}
  for (const { name, path, isPublic } of PAGES) {
    const page = isPublic ? outside : inside
    await page.goto(path(videos))
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    await settled(page)
    found[name] = [...(await wider(page)), ...(language === 'zh' ? await untranslated(page) : []), ...(await accessFaults(page))]
  }
  expect(Object.keys(found)).toHaveLength(PAGES.length)
  expect(Object.entries(found).filter(([, faults]) => faults.length > 0)).toEqual([])
})

test('the first page is small, and soon there', async () => {
  const page = await newPage({ as: admin })
  const sizes: Promise<number>[] = []
  page.on('requestfinished', (request) => {
    if (!/\.(js|css)$/.test(request.url()) && !request.isNavigationRequest()) return
    sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize))
  })
  await page.goto('/')
  await page.getByRole('button', { name: 'Generate video' }).waitFor()
  await page.waitForLoadState('networkidle')
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
  const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN)
  console.log(`first page: ${(bytes / 1000).toFixed(0)} kB in ${sizes.length} files, first contentful paint after ${paint.toFixed(0)} ms`)
  expect(sizes.length).toBeGreaterThan(10)
  expect(bytes).toBeLessThan(250_000)
})

/** Nothing is on its way any more. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('[role=status][aria-label]') === null)
  await page.waitForTimeout(300)
}

/** What makes the page scroll sideways. */
async function wider(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth <= width) return []
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > width + 1)
      .map((element) => element.outerHTML.slice(0, 160))
  })
}

/** Texts and names of controls that are English words alone, and not marked as what is never translated. */
async function untranslated(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const isEnglish = (text: string) => /[A-Za-z]{2,}[ ,]+[a-z]{2,}/.test(text) && !/\p{Script=Han}/u.test(text)
    const found: string[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node instanceof Element ? node : node.parentElement
      if (!element || element.closest('[translate=no], [aria-hidden=true], script, style, noscript, code, pre')) continue
      const texts =
        node instanceof Element
          ? ['aria-label', 'title', 'placeholder', 'alt', 'aria-description'].map((name) => node.getAttribute(name) ?? '')
          : [node.textContent ?? '']
      found.push(...texts.filter(isEnglish))
    }
    return found
  })
}
