// The start page: asking by keys, what is said of the prompt, options, refusals, links, sources, several at once.

import type { Page } from 'playwright-core'
import { beforeEach, expect, test } from 'vitest'
import type { QueueObject, VideoObject } from '../../src/api/types.ts'
import { addUser, expectAccessible, newPage, type Person } from './support/browser.ts'
import { askAs, makeQuickVideo } from './support/requests.ts'

const CLIP = { prompt: 'a red circle moving left on a white background' }

let person: Person
let page: Page

beforeEach(async () => {
  person = await addUser()
  page = await newPage({ as: person })
  page.setDefaultTimeout(20_000)
})

const prompt = () => page.getByLabel('What does the video show?')
const generate = () => page.getByRole('button', { name: 'Generate video' })
const advanced = () => page.getByRole('button', { name: /^Advanced options/ })
const latest = async () => (await askAs<{ data: VideoObject[] }>(page, '/v1/videos?limit=1')).data[0]

async function openForm(query = ''): Promise<void> {
  await page.goto(`/${query}`)
  await advanced().waitFor()
}

test('the prompt has the focus, Enter asks, Shift+Enter and a composition do not', async () => {
  await openForm()
  await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
  await page.keyboard.type('a red circle')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('on a white background')
  await prompt().dispatchEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true })
  await prompt().dispatchEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true })
  expect(await latest()).toBeUndefined()
  const answered = page.waitForResponse((response) => response.request().method() === 'POST' && response.url().endsWith('/v1/videos'))
  await page.keyboard.press('Enter')
  expect((await answered).status()).toBe(200)
  expect(await latest()).toMatchObject({ prompt: 'a red circle\non a white background', num_frames: 16 })
  expect(await prompt().evaluate((area) => area === document.activeElement)).toBe(true)
  await page.getByRole('status').filter({ hasText: 'a red circle' }).first().waitFor({ state: 'attached' })
  await page.reload()
  expect(await prompt().inputValue()).toContain('on a white background')
  await page.getByRole('region', { name: 'Your video' }).getByText('a red circle').first().waitFor()
})

test('an empty prompt is not asked for: the reason is said, and the prompt has the focus', async () => {
  await openForm()
  await page.getByText('Describe the video first.').waitFor()
  await advanced().focus()
  await generate().click({ force: true }) // it is disabled for those who are told, and tells why when it is pressed
  await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
  expect(await latest()).toBeUndefined()
})

test('tokens are counted, what is not read is shown, another language is noticed', async () => {
  await openForm()
  await prompt().fill('a red circle')
  await page.getByText('3 of 75 tokens').waitFor()
  await prompt().fill(`${'a red circle '.repeat(25)}unread`)
  await page.getByText('The model stops reading here').waitFor()
  await page.locator('span', { hasText: /^unread$/ }).waitFor()
  await prompt().fill('一只熊猫在吃竹子')
  await page.getByText('trained on English only').waitFor()
})

test('options are sent, counted, kept over a reload, and taken back', async () => {
  await openForm()
  await prompt().fill(CLIP.prompt)
  await advanced().click()
  await page.getByLabel('Seed', { exact: true }).fill('42')
  await page.getByLabel('Number of frames').fill('4')
  await page.getByLabel('Inference steps').fill('2')
  await page.getByLabel('Guidance scale').fill('1.5')
  await page.getByLabel('Negative prompt').fill('blue')
  await page.getByRole('radio', { name: /^Landscape/ }).click()
  await page.getByText('6 changed').waitFor()
  await page.reload()
  await page.getByText('6 changed').waitFor()
  await generate().click()
  await page.getByRole('region', { name: 'Your video' }).getByText(CLIP.prompt).first().waitFor()
  const made = await latest()
  expect(made).toMatchObject({ seed: 42, num_frames: 4, num_inference_steps: 2, guidance_scale: 1.5, negative_prompt: 'blue' })
  expect(made!.width).toBeGreaterThan(made!.height)
  await advanced().click()
  await page.getByRole('button', { name: 'Reset to defaults' }).click()
  await page.getByText('6 changed').waitFor({ state: 'detached' })
  expect(await page.getByLabel('Seed', { exact: true }).inputValue()).toBe('')
  expect(await prompt().inputValue()).toBe(CLIP.prompt)
  await page.getByRole('button', { name: 'Use the seed of the video shown' }).click()
  expect(await page.getByLabel('Seed', { exact: true }).inputValue()).toBe('42')
  await page.getByRole('button', { name: 'Random seed each time' }).click()
  expect(await page.getByLabel('Seed', { exact: true }).inputValue()).toBe('')
})

test('a link fills the form and leaves the address; what the service refuses stands at its field', async () => {
  await openForm('?prompt=a+blue+star&num_inference_steps=9999&seed=7')
  expect(await prompt().inputValue()).toBe('a blue star')
  expect(new URL(page.url()).search).toBe('')
  await page.getByText('2 changed').waitFor()
  await generate().click()
  const steps = page.getByLabel('Inference steps')
  await page.getByRole('alert').filter({ hasText: '9999' }).waitFor()
  expect(await steps.getAttribute('aria-invalid')).toBe('true')
  await page.waitForFunction(() => document.activeElement?.id === 'create-num_inference_steps')
  await steps.fill('2')
  await page.getByRole('alert').filter({ hasText: '9999' }).waitFor({ state: 'detached' })
  expect(await latest()).toBeUndefined()
  await expectAccessible(page)
})

test('a size that cannot be made is told before it is asked for', async () => {
  await openForm('?prompt=a&width=130&height=64')
  await page.getByText(/^Width and height must be multiples of \d+\.$/).waitFor()
  await generate().click({ force: true })
  await page.getByRole('textbox', { name: 'Width' }).waitFor()
  expect(await latest()).toBeUndefined()
})

test('an earlier video is chosen from the library, and continued; a file is changed', async () => {
  const earlier = await makeQuickVideo(page, { ...CLIP, width: 64, height: 64 })
  await openForm()
  await prompt().fill('a blue circle on a white background')
  await advanced().click()
  await page.getByLabel('Inference steps').fill('3')
  await page.getByRole('button', { name: 'From the library' }).click()
  const dialog = page.getByRole('dialog', { name: 'Choose a video' })
  await dialog.getByRole('button', { name: CLIP.prompt }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('Continue it').click()
  await page.getByLabel('Overlap').fill('2')
  await page.getByLabel('Number of frames').fill('3')
  await generate().click()
  await expect
    .poll(async () => await latest(), { timeout: 5000 })
    .toMatchObject({ task: 'extend', overlap: 2, num_frames: 3, input_frames: 4, width: 64 })

  await page.getByRole('button', { name: 'Remove the source' }).click()
  await page.waitForFunction(() => document.activeElement?.id === 'create-source')
  const bytes = await (await page.context().request.get(`/v1/videos/${earlier.id}/content`)).body()
  const choosing = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Choose a file' }).click()
  await (await choosing).setFiles({ name: 'mine.mp4', mimeType: 'video/mp4', buffer: bytes })
  await page.getByText('mine.mp4').waitFor()
  await page.getByText('Change it').click()
  await page.getByLabel('Strength').fill('0.7')
  await generate().click()
  await expect
    .poll(async () => await latest(), { timeout: 10_000 })
    .toMatchObject({ task: 'edit', strength: 0.7, num_frames: 4, height: 64 })
})

test('the next is asked for while one is made; a lost answer does not make two', async () => {
  await openForm()
  await prompt().fill(CLIP.prompt)
  await generate().click()
  await page.getByRole('region', { name: 'Your video' }).getByText(CLIP.prompt).first().waitFor()
  let isLost = false
  await page.route('**/v1/videos', async (route) => {
    if (isLost || route.request().method() !== 'POST') return route.continue()
    isLost = true
    await route.fetch()
    return route.abort()
  })
  await prompt().fill('a green star growing on a black background')
  await prompt().press('Control+Enter')
  const strip = page.getByRole('list', { name: 'Recent videos' })
  await strip.getByRole('button', { name: /green star/ }).click()
  await page
    .getByRole('region', { name: 'Your video' })
    .getByText(/^a green star/)
    .first()
    .waitFor()
  expect(isLost).toBe(true)
  const { data } = await askAs<{ data: VideoObject[] }>(page, '/v1/videos?limit=10')
  expect(data.map((video) => video.prompt?.slice(0, 7))).toEqual(['a green', 'a red c'])
  expect((await askAs<QueueObject>(page, '/v1/queue')).data.length).toBeLessThanOrEqual(2)
})
