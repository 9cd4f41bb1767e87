// What the screenshots show: users, a key, a library of real videos by the demo model.

import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { askAs, makeVideo } from '../test/e2e/support/requests.ts'

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
  for (const { settings } of examples) ids.push((await makeVideo(page, { prompt: settings.prompt, seed: settings.seed })).id)
  const pair = 'a big pink star surfing a wave on a navy background'
  const [a, b] = [await makeVideo(page, { prompt: pair, seed: 1032 }), await makeVideo(page, { prompt: pair, seed: 1033 })]
  await askAs(page, '/v1/videos/star', { ids: [ids[1], ids[4], a.id], starred: true })
  return [a.id, b.id]
}
