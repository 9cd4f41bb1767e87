// The examples below the form, and the help page.

import { beforeAll, describe, expect, test } from 'vitest'
import { EXAMPLES, type Example } from '../../src/examples/examples.ts'
import { addUser, expectAccessible, newPage, type Person } from './support/browser.ts'
import { pixelsOf, type Rgb } from './support/pixels.ts'

/** What is near the middle of each video's middle, by the word of its prompt. */
const COLORS: Readonly<Record<string, Rgb>> = {
  red: [230, 26, 31],
  orange: [247, 140, 26],
  yellow: [250, 230, 38],
  green: [38, 191, 51],
  cyan: [26, 217, 230],
  blue: [31, 64, 242],
  purple: [140, 38, 204],
  pink: [250, 115, 179],
  white: [247, 247, 247],
}
const GRID = Array.from({ length: 64 }, (_, i) => [(i % 8) / 8 + 0.06, Math.floor(i / 8) / 8 + 0.06] as const)

let person: Person
beforeAll(async () => {
  person = await addUser()
})

describe('examples', () => {
  test('play while they are pointed at, show in their middle what they say, and fill the form', async () => {
    const page = await newPage({ as: person })
    await page.goto('/')
    const cardOf = (example: Example) => page.getByRole('button', { name: example.settings.prompt })
    const [first, second] = EXAMPLES as [Example, Example]
    const video = cardOf(first).locator('video')
    await video.waitFor()
    expect(await video.evaluate((element: HTMLVideoElement) => [element.paused, element.readyState])).toEqual([true, 0])
    await cardOf(first).hover()
    await page.waitForFunction((element) => element instanceof HTMLVideoElement && element.currentTime > 0.1, await video.elementHandle())
    await cardOf(second).hover()
    expect(await video.evaluate((element: HTMLVideoElement) => element.paused)).toBe(true)
    await page.mouse.move(0, 0)

    for (const example of EXAMPLES) {
      const { prompt } = example.settings
      const shown = cardOf(example).locator('video')
      await shown.evaluate(goToMiddle)
      const { color, background } = sharesOf(await pixelsOf(shown, GRID), prompt)
      expect(color, prompt).toBeGreaterThan(0.02)
      expect(background, prompt).toBeGreaterThan(0.2)
    }

    await cardOf(second).press('Enter')
    await page.waitForFunction(() => document.activeElement instanceof HTMLTextAreaElement)
    expect(await page.locator(':focus').inputValue()).toBe(second.settings.prompt)
    const kept = await page.evaluate(() => JSON.parse(localStorage.getItem('kinora.draft') ?? '{}') as object)
    expect(kept).toMatchObject({ ...second.settings, task: 'generate', model: 'demo' })
  })

  test('stay still for who asked for less motion; words that the demo model knows make a prompt', async () => {
    const page = await newPage({ as: person, language: 'zh', context: { reducedMotion: 'reduce' } })
    await page.goto('/')
    const card = page.getByRole('button', { name: EXAMPLES[0]!.settings.prompt })
    await card.hover()
    await page.waitForTimeout(500)
    expect(await card.locator('video').evaluate((element: HTMLVideoElement) => element.paused)).toBe(true)

    const builder = page.getByRole('region', { name: '演示模型会画什么？' })
    await builder.getByLabel('颜色').selectOption('green')
    await builder.getByLabel('运动').selectOption('growing')
    expect(await builder.getByLabel('大小').isDisabled()).toBe(true)
    await builder.getByRole('button', { name: '使用这句提示词' }).click()
    await page.waitForFunction(() => document.activeElement instanceof HTMLTextAreaElement)
    expect(await page.locator(':focus').inputValue()).toBe('a green triangle growing on a navy background')
  })
})

describe('help', () => {
  test.each([
    { language: 'en', scheme: 'dark', last: 'Privacy', heading: 'Keyboard shortcuts', docs: 'API reference' },
    { language: 'zh', scheme: 'light', last: '隐私', heading: '键盘快捷键', docs: '接口文档' },
  ] as const)('opens where its address says, and has its contents, models and links in $language', async (texts) => {
    const { language, scheme, last, heading, docs } = texts
    const page = await newPage({ as: person, language, scheme })
    await page.goto('/help#privacy')
    await page.getByRole('cell', { name: 'Apache-2.0' }).waitFor()
    await page.waitForFunction(() => window.scrollY > 1000)
    await page.getByRole('heading', { name: last }).and(page.locator(':visible')).waitFor()

    const contents = page.getByRole('navigation').filter({ has: page.getByRole('link', { name: last }) })
    await contents.getByRole('link', { name: heading }).click()
    await contents.locator('[aria-current]').filter({ hasText: heading }).waitFor()
    const { y = 0 } = (await page.getByRole('heading', { name: heading }).boundingBox()) ?? {}
    expect(y).toBeGreaterThan(56) // below the header
    expect(y).toBeLessThan(200)
    const target = await page.getByRole('link', { name: docs }).getAttribute('href')
    expect((await page.context().request.get(target!)).status()).toBe(200)
    await expectAccessible(page)
  })
})

/** In the page. */
function goToMiddle(element: Element): Promise<void> {
  const video = element as HTMLVideoElement
  return new Promise((resolve, reject) => {
    video.addEventListener('error', () => reject(new Error(video.error?.message ?? 'it does not load')), { once: true })
    video.addEventListener('seeked', () => resolve(), { once: true })
    const seek = () => {
      video.currentTime = video.duration / 2
    }
    video.addEventListener('loadedmetadata', seek, { once: true })
    video.preload = 'auto'
    video.load()
  })
}

/** Which part of the pixels is the subject's colour, and the background's. */
function sharesOf(pixels: readonly Rgb[], prompt: string): { color: number; background: number } {
  const grounds: Readonly<Record<string, Rgb>> = {
    black: [5, 5, 5],
    gray: [128, 128, 128],
    white: [255, 255, 255],
    navy: [8, 13, 64],
    brown: [89, 51, 26],
  }
  const words = prompt.split(' ')
  const color = words.find((word) => word in COLORS)!
  const ground = words.at(-2)!
  const share = (wanted: Rgb) => pixels.filter((pixel) => distance(pixel, wanted) < 60).length / pixels.length
  return { color: share(COLORS[color]!), background: share(grounds[ground]!) }
}

function distance(a: Rgb, b: Rgb): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
}
