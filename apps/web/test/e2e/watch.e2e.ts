// A video on its way and at its end: progress seen, cancelled, watched on after a reload and after the service was away; what
// plays is really decoded; what can be done with it.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { VideoObject } from '../../src/api/types.ts'
import { addUser, expectAccessible, forgiveProblems, newPage, type Person } from './support/browser.ts'
import { pixelsOf } from './support/pixels.ts'
import { askAs, makeQuickVideo } from './support/requests.ts'
import { type Served, startKinora } from './support/service.ts'

/** The machine also makes videos meanwhile. */
const PATIENT = { timeout: 20_000 }
/** A service that starts, or a video that is made, on a busy machine. */
const START_MS = 180_000
/** So long that what happens meanwhile can be seen. */
const LONG = { num_inference_steps: 100, num_frames: 16 }
const CORNERS = [
  [0.05, 0.05],
  [0.95, 0.05],
  [0.05, 0.95],
  [0.95, 0.95],
] as const

let person: Person
beforeAll(async () => {
  person = await addUser()
})

function begin(page: Page, values: object = {}): Promise<VideoObject> {
  return askAs<VideoObject>(page, '/v1/videos', { prompt: 'a red circle on a white background', ...LONG, ...values })
}

const bar = (page: Page) => page.getByRole('progressbar', { name: 'Progress' })

async function percentOf(page: Page): Promise<number> {
  return Number(await bar(page).getAttribute('aria-valuenow'))
}

describe('a video that is being made', () => {
  test('shows phase, steps and a bar that does not fall, over a reload, until it is cancelled', async () => {
    const page = await newPage({ as: person })
    const { id } = await begin(page)
    await page.goto(`/videos/${id}`)
    await page.getByText(/^Step \d+ of 100$/).waitFor()
    const seen: number[] = []
    for (let look = 0; look < 5; look++) {
      seen.push(await percentOf(page))
      await page.waitForTimeout(150)
    }
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    await expect.poll(() => page.title(), PATIENT).toMatch(/^\(\d+%\) Video – Kinora$/)

    await page.reload()
    await page.getByText(/^Step \d+ of 100$/).waitFor()
    expect(await percentOf(page)).toBeGreaterThanOrEqual(seen[0]!)

    await page.getByRole('button', { name: 'Cancel video' }).click()
    await page.getByText('You cancelled this video.', { exact: false }).waitFor()
    await page.getByRole('button', { name: 'Try again' }).waitFor()
    await expectAccessible(page)
    await expect.poll(() => page.title(), PATIENT).toBe('Video – Kinora')
  })

  test('one that ends elsewhere is told of, with a link', async () => {
    const page = await newPage({ as: person })
    const { id } = await begin(page, { num_inference_steps: 4, num_frames: 4, prompt: 'told of by a toast' })
    await page.goto('/help')
    await page.getByText('Your video is ready').waitFor()
    await page.getByRole('link', { name: 'Watch it' }).click()
    await page.waitForURL(`**/videos/${id}`)
    await page.getByRole('heading', { level: 1, name: 'told of by a toast' }).waitFor()
  })
})

describe('a finished video', () => {
  let made: VideoObject
  beforeAll(async () => {
    const page = await newPage({ as: person })
    made = await makeQuickVideo(page, { prompt: 'a red circle on a white background', num_frames: 8, num_inference_steps: 12, seed: 7 })
    await page.context().close()
  }, START_MS)

  test('plays at once, and is stepped through frame by frame', async () => {
    const page = await newPage({ as: person })
    await page.goto(`/videos/${made.id}`)
    const video = page.locator('video')
    for (const [r, g, b] of await pixelsOf(video, CORNERS)) expect(Math.min(r, g, b)).toBeGreaterThan(160)
    await expect
      .poll(() => video.evaluate((element: HTMLVideoElement) => !element.paused && element.loop && element.muted), PATIENT)
      .toBe(true)

    const player = page.getByRole('region', { name: 'Player' })
    await video.focus()
    await page.keyboard.press('Home')
    await player.getByText('Frame 1 of 8').waitFor()
    for (const [key, frame] of [
      ['ArrowRight', 2],
      ['.', 3],
      [',', 2],
      ['End', 8],
      ['ArrowRight', 1],
      ['ArrowLeft', 8],
    ] as const) {
      await page.keyboard.press(key)
      await player.getByText(`Frame ${frame} of 8`).waitFor()
      await expect
        .poll(
          () => video.evaluate((element: HTMLVideoElement) => (element.seeking ? -1 : Math.floor(element.currentTime * 8) + 1)),
          PATIENT,
        )
        .toBe(frame)
    }
    await page.keyboard.press('Space')
    await player.getByRole('button', { name: 'Pause' }).waitFor()
    await player.getByRole('button', { name: 'Speed: 1 times' }).click()
    await page.getByRole('menuitemradio', { name: '0.25×' }).click()
    expect(await video.evaluate((element: HTMLVideoElement) => element.playbackRate)).toBe(0.25)
    await expectAccessible(page)
  })

  test('shows its real colours: the circle of the prompt is red', async () => {
    const page = await newPage({ as: person })
    await page.goto(`/videos/${made.id}`)
    const places = Array.from({ length: 144 }, (_, i) => [((i % 12) + 0.5) / 12, (Math.floor(i / 12) + 0.5) / 12] as const)
    const colours = await pixelsOf(page.locator('video'), places)
    const red = colours.filter(([r, g, b]) => r > 140 && g < 110 && b < 110)
    expect(red.length).toBeGreaterThan(3)
  })

  test('for who wants little motion, it waits', async () => {
    const page = await newPage({ as: person, context: { reducedMotion: 'reduce' } })
    await page.goto(`/videos/${made.id}`)
    await page.getByRole('button', { name: 'Play' }).waitFor()
    expect(await page.locator('video').evaluate((element: HTMLVideoElement) => element.paused)).toBe(true)
  })

  test('is downloaded under a friendly name; its settings are shown and copied', async () => {
    const page = await newPage({ as: person, context: { permissions: ['clipboard-read', 'clipboard-write'] } })
    await page.goto(`/videos/${made.id}`)
    await page.getByRole('button', { name: 'Download' }).click()
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: /^MP4/ }).click()])
    expect(download.suggestedFilename()).toBe('a-red-circle-on-a-white-background-7.mp4')
    expect((await readFile(await download.path())).subarray(4, 8).toString()).toBe('ftyp')
    await page.getByRole('menu').waitFor({ state: 'hidden' })
    await page.getByRole('button', { name: 'Settings' }).click()
    await page.getByRole('button', { name: 'Copy settings as JSON' }).click()
    await page.getByText('Copied.').waitFor()
    const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText())) as object
    expect(copied).toMatchObject({ seed: 7, num_frames: 8, width: made.width })
  })

  test('leaves its settings in the form, makes variations, and can be deleted and had back', async () => {
    const page = await newPage({ as: person })
    await page.goto(`/videos/${made.id}`)
    await page.getByRole('button', { name: 'Vary' }).click()
    await page.getByText('4 variations are in the queue.').waitFor()
    await askAs(page, '/v1/videos/cancel', { scope: 'all' })

    await page.getByRole('button', { name: 'Use again' }).click()
    await page.waitForURL((url) => url.pathname === '/')
    const draft = await page.evaluate(() => JSON.parse(localStorage.getItem('kinora.draft') ?? '{}') as object)
    expect(draft).toMatchObject({ prompt: made.prompt, seed: 7, task: 'generate' })

    await page.goto(`/videos/${made.id}`)
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.waitForURL('**/library')
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(async () => (await page.context().request.get(`/v1/videos/${made.id}`)).status(), PATIENT).toBe(200)
  })

  test('one that is not there says so', async () => {
    const page = await newPage({ as: person })
    await page.goto('/videos/video_nothing')
    await page.getByRole('heading', { level: 1, name: 'There is no such video' }).waitFor()
    await expectAccessible(page)
  })
})

describe('a service that goes away', () => {
  let data: string
  let service: Served
  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'kinora-away-'))
    service = await startKinora({ data })
  }, START_MS)
  afterAll(async () => {
    await service.kill()
    await rm(data, { recursive: true, force: true })
  })

  test('is shown as away, and what it made is shown once it is back', async () => {
    const page = await newPage({ url: service.url })
    const { id } = await begin(page)
    await page.goto(`/videos/${id}`)
    await page.getByText(/^Step \d+ of 100$/).waitFor()
    await service.kill()
    await page.getByText('The service cannot be reached.', { exact: false }).first().waitFor()
    service = await startKinora({ data, port: Number(new URL(service.url).port) })
    await page.getByRole('button', { name: 'Try now' }).waitFor({ state: 'detached' })
    await page.getByText(/^Step \d+ of 100$/).waitFor()
    await page.getByRole('button', { name: 'Cancel video' }).click()
    await page.getByText('You cancelled this video.', { exact: false }).waitFor()
    forgiveProblems(/^console: .*(ERR_|EventSource)/)
  })

  test('no network is shown, and recovered from', async () => {
    const page = await newPage({ url: service.url })
    await page.goto('/queue')
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.context().setOffline(true)
    await page.getByText('This device is offline.', { exact: false }).first().waitFor()
    await page.context().setOffline(false)
    await page.getByRole('button', { name: 'Try now' }).waitFor({ state: 'detached' })
  })
})
