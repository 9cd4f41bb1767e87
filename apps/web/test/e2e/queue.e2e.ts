// The queue's page against the real service: whatever is done in it, the service's own queue is asked what came of it. Users are
// paused while their order is changed, so that nothing begins meanwhile.

import type { Page } from 'playwright-core'
import { afterEach, expect, test } from 'vitest'
import type { QueueObject, VideoObject } from '../../src/api/types.ts'
import { addUser, expectAccessible, newPage } from './support/browser.ts'
import { askAs } from './support/requests.ts'

const LONG = { num_frames: 64, num_inference_steps: 100 }
const SOON = { timeout: 15_000 }

let opened: Page | undefined

/** A test that failed midway leaves nothing that keeps the service busy. */
afterEach(async () => {
  if (opened) await askAs(opened, '/v1/videos/cancel', { scope: 'all' })
  opened = undefined
})

/** A page of a new user whose queue stands still with these prompts in it. */
async function pageWith(
  prompts: readonly string[],
  options: { phone?: boolean; language?: 'en' | 'zh'; scheme?: 'dark' } = {},
): Promise<Page> {
  const page = await newPage({ as: await addUser(), ...options })
  opened = page
  await askAs(page, '/v1/queue/pause', {})
  for (const prompt of prompts) await askAs(page, '/v1/videos', { prompt, ...LONG })
  await page.goto('/queue')
  if (prompts.length > 0)
    await rows(page)
      .nth(prompts.length - 1)
      .waitFor()
  return page
}

const rows = (page: Page) => page.locator('[data-row]')
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const queueOf = (page: Page) => askAs<QueueObject>(page, '/v1/queue')

async function served(page: Page): Promise<string> {
  return (await queueOf(page)).data.map(({ prompt }) => prompt).join(' ')
}

async function shown(page: Page): Promise<string> {
  const names = await rows(page).locator('p[translate=no]').allTextContents()
  return names.join(' ')
}

/** Both the page and the service come to have these, in this order. */
async function expectOrder(page: Page, order: string): Promise<void> {
  await expect.poll(() => shown(page), SOON).toBe(order)
  await expect.poll(() => served(page), SOON).toBe(order)
}

test('the order is changed by buttons, two quick moves among them, and the focus stays', async () => {
  const page = await pageWith(['one', 'two', 'three', 'four'])
  await button(page, 'Move up: three').click()
  await button(page, 'Move up: three').click()
  await expectOrder(page, 'three one two four')
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Move up: three')
  await button(page, 'Move to the front: four').click()
  await button(page, 'Move down: three').click()
  await expectOrder(page, 'four one three two')
  await page.getByRole('status').filter({ hasText: 'Now number 3 of 4' }).waitFor({ state: 'attached' })
})

test('the order is changed by keys alone, with a word to screen readers', async () => {
  const page = await pageWith(['one', 'two', 'three'])
  const told = page.getByRole('status')
  await button(page, 'Reorder: one').focus()
  await page.keyboard.press('Space')
  await told.filter({ hasText: 'one' }).filter({ hasText: 'number 1 of 3' }).waitFor({ state: 'attached' })
  await page.keyboard.press('ArrowDown')
  await told.filter({ hasText: 'number 2 of 3' }).waitFor({ state: 'attached' })
  await page.keyboard.press('ArrowDown')
  await told.filter({ hasText: 'number 3 of 3' }).waitFor({ state: 'attached' })
  await page.keyboard.press('Space')
  await expectOrder(page, 'two three one')
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Reorder: one')
})

test('the order is changed by dragging; what is asked for anew meanwhile does not disturb', async () => {
  const page = await pageWith(['one', 'two', 'three'])
  const from = (await button(page, 'Reorder: three').boundingBox())!
  const to = (await rows(page).first().boundingBox())!
  await page.mouse.move(from.x + 10, from.y + 10)
  await page.mouse.down()
  await page.mouse.move(from.x + 10, from.y - 20, { steps: 4 })
  await page.mouse.move(to.x + 20, to.y + 10, { steps: 8 })
  await askAs(page, '/v1/videos', { prompt: 'four', ...LONG })
  await page.waitForResponse((response) => response.url().endsWith('/v1/queue'))
  await page.waitForResponse((response) => response.url().endsWith('/v1/queue'))
  expect(await shown(page)).toBe('one two three')
  await page.mouse.up()
  await expectOrder(page, 'three one two four')
})

test('a waiting one is changed, duplicated and cancelled; the focus goes to the next row', async () => {
  const page = await pageWith(['one', 'two'])
  await button(page, 'Change: two').click()
  const dialog = page.getByRole('dialog', { name: 'Change a waiting video' })
  await dialog.getByLabel('Prompt', { exact: true }).fill('a blue square')
  await dialog.getByLabel('Steps').fill('77')
  await dialog.getByLabel('Negative prompt').fill('text')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await button(page, 'Change: a blue square').waitFor()
  const changed = (await queueOf(page)).data[1]!
  expect(changed).toMatchObject({ prompt: 'a blue square', num_inference_steps: 77, negative_prompt: 'text', num_frames: 64 })

  await button(page, 'Duplicate: a blue square').click()
  await page.getByRole('menuitem', { name: 'With the same seed' }).click()
  await rows(page).nth(2).waitFor()
  const { id: _id, ...same } = (await queueOf(page)).data[2]!
  expect(same).toMatchObject({ prompt: 'a blue square', num_inference_steps: 77, seed: changed.seed })

  await button(page, 'Cancel: one').click()
  await expect.poll(() => rows(page).count(), SOON).toBe(2)
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-row'))).toBe(changed.id)
  expect(await askAs<QueueObject>(page, '/v1/queue')).toMatchObject({ waiting: 2 })
})

test('what was begun meanwhile is not changed, and can be queued as a new one', async () => {
  const page = await pageWith(['one'])
  await button(page, 'Change: one').click()
  const dialog = page.getByRole('dialog', { name: 'Change a waiting video' })
  await dialog.getByLabel('Prompt', { exact: true }).fill('two')
  await askAs(page, '/v1/videos/cancel', { scope: 'all' })
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByRole('alert').filter({ hasText: 'was begun meanwhile' }).waitFor()
  await dialog.getByRole('button', { name: 'Queue as a new one' }).click()
  await expectOrder(page, 'two')
})

test('pauses, resumes, shows what is made, and cancels all but that, then all', async () => {
  const page = await pageWith(['one', 'two', 'three'])
  await page.getByText('The queue is paused').first().waitFor()
  await button(page, 'Resume').click()
  const bar = page.getByRole('progressbar', { name: 'Progress of: one' })
  await bar.waitFor({ timeout: 30_000 })
  await button(page, 'Pause after this one').click()
  await page.getByText('The current video is finished. After it, 2 wait').waitFor()
  expect(await queueOf(page)).toMatchObject({ paused: true, running: 1, waiting: 2 })
  await expectAccessible(page)

  await button(page, 'Cancel several').click()
  await page.getByRole('menuitem', { name: 'Cancel all but the running one (2)' }).click()
  await page.getByRole('dialog', { name: 'Cancel 2 videos?' }).getByRole('button', { name: 'Cancel 2 videos' }).click()
  await expect.poll(() => rows(page).count(), SOON).toBe(0)
  expect(await queueOf(page)).toMatchObject({ running: 1, waiting: 0 })
  await button(page, 'Cancel what is being made: one').click()
  await page.getByRole('heading', { name: 'Nothing is waiting' }).waitFor({ timeout: 15_000 })
  expect(await queueOf(page)).toMatchObject({ running: 0, waiting: 0 })
  await page.getByRole('link', { name: 'Create a video' }).waitFor()
})

test('queues pasted lines; what is refused stays with its reason, the rest is queued', async () => {
  const page = await pageWith([])
  const { limits } = await askAs<{ limits: { prompt_length: number } }>(page, '/v1/capabilities')
  await button(page, 'Several prompts').click()
  const dialog = page.getByRole('dialog', { name: 'Queue several prompts' })
  const tooLong = 'x'.repeat(limits.prompt_length + 1)
  await dialog.getByRole('textbox', { name: 'Prompts' }).fill(`a red ball\n\n  a blue ball \n${tooLong}\na green ball\n`)
  await dialog.getByText('4 prompts.').waitFor()
  await dialog.getByText('Counting up').click()
  await dialog.getByLabel('From').fill('40')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Queue 4 videos' }).click()
  await dialog.getByText('3 videos queued').waitFor()
  expect(await dialog.getByRole('textbox', { name: 'Prompts' }).inputValue()).toBe(tooLong)
  const { data } = await queueOf(page)
  expect(data.map(({ prompt, seed }: VideoObject) => [prompt, seed])).toEqual([
    ['a red ball', 40],
    ['a blue ball', 41],
    ['a green ball', 43],
  ])
})

test('in Chinese, dark, on a phone', async () => {
  const page = await pageWith(['one', 'two'], { phone: true, language: 'zh', scheme: 'dark' })
  await page.getByRole('heading', { name: '队列', level: 1 }).waitFor()
  await button(page, '上移：two').tap()
  await expectOrder(page, 'two one')
  await expectAccessible(page)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
})
