// What the screenshots show: users, a key, a library of real videos by the demo model.

import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'

interface Example {
  readonly settings: { readonly prompt: string; readonly seed?: number }
}

const EXAMPLES = new URL('../src/examples/examples.json', import.meta.url)

/** Ids of two of the videos, of one prompt and two seeds. */
export async function fillService(page: Page): Promise<[string, string]> {
  const people = [
    { name: 'Margarethe', password: 'a long enough one', role: 'user', quota: { queued: 5, per_day: 40 } },
    { name: '李雷', password: 'a long enough one', role: 'user' },
    { name: 'studio-pc', password: 'a long enough one', role: 'admin' },
  ]
  for (const person of people) await askAs(page, '/v1/admin/users', person)
  await askAs(page, '/v1/keys', { name: 'laptop', scopes: ['videos:read', 'videos:write'] })
  const examples = JSON.parse(await readFile(EXAMPLES, 'utf8')) as Example[]
  const ids: string[] = []
  for (const { settings } of examples) ids.push(await makeVideo(page, { prompt: settings.prompt, seed: settings.seed }))
  const pair = 'a big pink star surfing a wave on a navy background'
  const [a, b] = [await makeVideo(page, { prompt: pair, seed: 1032 }), await makeVideo(page, { prompt: pair, seed: 1033 })]
  await askAs(page, '/v1/videos/star', { ids: [ids[1], ids[4], a], starred: true })
  return [a, b]
}

/** A request with the page's own session: GET, or POST of a body. */
export async function askAs<T>(page: Page, path: string, body?: object): Promise<T> {
  const { request } = page.context()
  const { csrf_token } = (await (await request.get('/v1/session')).json()) as { csrf_token: string }
  const response = await (body ? request.post(path, { headers: { 'x-csrf-token': csrf_token }, data: body }) : request.get(path))
  if (!response.ok()) throw new Error(`${path} answered ${response.status()}: ${await response.text()}`)
  return (await response.json()) as T
}

/** Its id, once it is finished. */
export async function makeVideo(page: Page, values: object): Promise<string> {
  const { id } = await askAs<{ id: string }>(page, '/v1/videos', values)
  for (;;) {
    const { status } = await askAs<{ status: string }>(page, `/v1/videos/${id}`)
    if (status === 'completed') return id
    if (status === 'failed') throw new Error(`the video ${id} failed`)
    await page.waitForTimeout(200)
  }
}
