// The library in a real browser: found, starred, selected, compared in step, deleted and brought back; settings out of a dropped
// file; nobody sees another one's videos.

import { readFile } from 'node:fs/promises'
import type { Locator, Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import type { VideoList, VideoObject } from '../../src/api/types.ts'
import { addUser, expectAccessible, newPage, type Person } from './support/browser.ts'
import { pixelsOf } from './support/pixels.ts'
import { askAs, makeQuickVideo } from './support/requests.ts'

const RED = 'a big red circle standing still on a white background'
const BLUE = 'a big blue square standing still on a black background'
const GREEN = 'a big green ring growing on a gray background'

let ann: Person
let red: VideoObject

beforeAll(async () => {
  ann = await addUser()
  const page = await newPage({ as: ann })
  red = await makeQuickVideo(page, { prompt: RED, seed: 7, num_inference_steps: 6 })
  await makeQuickVideo(page, { prompt: BLUE, num_frames: 8, fps: 4 })
  await makeQuickVideo(page, { prompt: GREEN })
})

const cards = (page: Page): Locator => page.getByRole('listitem')
const count = (page: Page, text: string): Promise<void> => page.getByRole('status').filter({ hasText: text }).waitFor()

async function library(as: Person = ann): Promise<Page> {
  const page = await newPage({ as })
  await page.goto('/library')
  await page.getByRole('heading', { level: 1, name: 'Library' }).waitFor()
  return page
}

test('every video has a card, the newest first, that plays under the pointer and opens by Enter', async () => {
  const page = await library()
  await count(page, '3 videos')
  expect(await cards(page).locator('p').allTextContents()).toEqual([GREEN, BLUE, RED])
  const card = cards(page).filter({ hasText: RED })
  await card.hover()
  const [middle] = await pixelsOf(card.locator('video'), [[0.5, 0.5]])
  expect(middle![0]).toBeGreaterThan(120)
  expect(middle![0]).toBeGreaterThan(middle![2] + 60)
  await expectAccessible(page)
  await page.getByRole('link', { name: RED }).press('Enter')
  await page.waitForURL(`**/videos/${red.id}`)
})

test('the address says what is looked for; nothing found leads back to all', async () => {
  const page = await library()
  await page.getByRole('searchbox', { name: 'Search' }).fill('blue square')
  await page.waitForURL('**/library?search=blue+square')
  await count(page, '1 video')
  expect(await cards(page).count()).toBe(1)
  await page.getByRole('searchbox').fill('giraffe')
  await page.getByText('No video matches').waitFor()
  await page.getByRole('button', { name: 'Clear the filters' }).click()
  await count(page, '3 videos')
  expect(new URL(page.url()).search).toBe('')
})

test('a star stays, and starred videos are found', async () => {
  const page = await library()
  await cards(page).filter({ hasText: BLUE }).hover()
  await page.getByRole('button', { name: `Star ${BLUE}` }).click()
  await page.getByRole('button', { name: `Remove the star ${BLUE}` }).waitFor()
  await page.getByRole('button', { name: 'Starred' }).click()
  await count(page, '1 video')
  await page.reload()
  await count(page, '1 video')
  expect(await cards(page).locator('p').allTextContents()).toEqual([BLUE])
})

test('several are selected by keys and with shift, deleted, and brought back', async () => {
  const page = await library()
  await count(page, '3 videos')
  await page.getByRole('link', { name: GREEN }).press('x')
  await page.getByRole('checkbox', { name: GREEN, checked: true }).waitFor()
  await page.getByRole('checkbox', { name: RED }).click({ modifiers: ['Shift'] })
  await count(page, '3 selected')
  await page.getByRole('checkbox', { name: BLUE }).press(' ')
  await count(page, '2 selected')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await count(page, '1 video')
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-card'))).toBe('0')
  await page.getByRole('alert').getByRole('button', { name: 'Undo' }).click()
  await count(page, '3 videos')
  await page.getByRole('link', { name: GREEN }).press('Delete')
  await count(page, '2 videos')
  await page.keyboard.press('Control+z')
  await count(page, '3 videos')
  expect((await askAs<VideoList>(page, '/v1/videos')).data).toHaveLength(3)
})

test('Escape ends the selection, and the focus stays', async () => {
  const page = await library()
  await page.getByRole('link', { name: GREEN }).press('x')
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: GREEN }).waitFor()
  expect(await page.getByRole('checkbox').count()).toBe(0)
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-card'))).toBe('0')
})

test('the menu of a card, by the keyboard: the focus comes back, and the settings go into the form', async () => {
  const page = await library()
  const menu = page.getByRole('button', { name: `Actions ${RED}` })
  await menu.press('Enter')
  await page.getByRole('menuitem', { name: 'Download' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('menuitem').first().waitFor({ state: 'detached' })
  expect(await menu.evaluate((button) => button === document.activeElement)).toBe(true)
  await menu.press('Enter')
  await page.getByRole('menuitem', { name: 'Use these settings again' }).press('Enter')
  await page.waitForURL((url) => url.pathname === '/')
  expect(await page.evaluate(() => JSON.parse(localStorage.getItem('kinora.draft') ?? '') as object)).toMatchObject({
    prompt: RED,
    seed: 7,
  })
})

test('two videos of different rates and lengths play in step, step by step as well', async () => {
  const page = await library()
  await page.getByRole('link', { name: BLUE }).press('x')
  await page.getByRole('checkbox', { name: RED }).click()
  await page.getByRole('button', { name: 'Compare' }).click()
  await page.getByRole('heading', { level: 1, name: 'Compare' }).waitFor()
  const both = () => page.locator('video').evaluateAll((videos) => videos.map((video) => (video as HTMLVideoElement).currentTime))
  await page.waitForFunction(() => [...document.querySelectorAll('video')].every((video) => video.currentTime > 0.1))
  // blue: 8 frames at 4 a second; red: 4 frames at 8 a second, so that it waits on its last frame.
  const seen = []
  for (let i = 0; i < 10; i++) {
    seen.push(await both())
    await page.waitForTimeout(60)
  }
  for (const [blue = 0, other = 0] of seen) expect(Math.abs(Math.min(blue, 0.5) - Math.min(other, 0.5))).toBeLessThan(0.2)
  await page.getByRole('button', { name: 'Pause' }).click()
  const slider = page.getByRole('slider', { name: 'Position' })
  await slider.press('Home')
  await page.waitForFunction(() => [...document.querySelectorAll('video')].every((video) => video.currentTime < 0.2))
  await page.getByRole('button', { name: 'One frame on' }).click({ clickCount: 2 })
  await page.waitForFunction(() => document.querySelectorAll('video')[1]!.currentTime > 0.3) // red's third frame, blue's second
  expect(await both()).toEqual([1.5 / 4, 2.5 / 8])
  const seed = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'Seed differs' }) })
  expect(await seed.getByRole('cell').allTextContents()).toContain('7')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Swap sides' }).click()
  await page.waitForURL(`**/compare?a=${red.id}&b=*`)
})

test('a dropped video gives its settings to the form; another file says why not', async () => {
  const page = await library()
  const video = await page.context().request.get(`/v1/videos/${red.id}/content`)
  await drop(page, 'notes.txt', Buffer.from('a shopping list'))
  await page.getByText('notes.txt is no mp4 or webm video.').waitFor()
  await drop(page, 'red.mp4', await video.body())
  await page.getByText('Settings restored').waitFor()
  expect(new URL(page.url()).pathname).toBe('/')
  const kept = await page.evaluate(() => JSON.parse(localStorage.getItem('kinora.draft') ?? '') as object)
  expect(kept).toMatchObject({ prompt: RED, model: 'demo', seed: 7, num_inference_steps: 6, num_frames: 4, width: 128 })
})

test('a video that the command line made is restored by the keyboard', async () => {
  const page = await library()
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Restore from file' }).press('Enter'),
  ])
  const buffer = await readFile(new URL('../fixtures/settings.webm', import.meta.url))
  await chooser.setFiles({ name: 'cli.webm', mimeType: 'video/webm', buffer })
  await page.waitForURL((url) => url.pathname === '/')
  const kept = await page.evaluate(() => JSON.parse(localStorage.getItem('kinora.draft') ?? '') as object)
  expect(kept).toMatchObject({ prompt: 'a red ball moving down', seed: 7, num_inference_steps: 3, scheduler: 'euler' })
})

test('a second user sees none of them', async () => {
  const page = await library(await addUser())
  await page.getByText('No videos yet').waitFor()
  expect(await cards(page).count()).toBe(0)
  await page.goto(`/compare?a=${red.id}&b=${red.id}`)
  await page.getByText('There is no such video').waitFor()
})

/** As from the desktop: held over the page, then let go. */
async function drop(page: Page, name: string, bytes: Buffer): Promise<void> {
  const file = await page.evaluateHandle(
    ([base64, title]) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([Uint8Array.from(atob(base64!), (character) => character.charCodeAt(0))], title!))
      return transfer
    },
    [bytes.toString('base64'), name],
  )
  await page.dispatchEvent('main', 'dragover', { dataTransfer: file })
  await page.getByText('Drop the video to restore its settings').waitFor()
  await page.dispatchEvent('main', 'drop', { dataTransfer: file })
}
