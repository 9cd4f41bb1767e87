// What a page's user asks of the service beside the page: with the same session, over the same HTTP.

import type { Page } from 'playwright-core'
import type { VideoObject } from '../../../src/api/types.ts'

/** A request with the page's own session: GET, or POST of a body. Rejects for a refusal. */
export async function askAs<T>(page: Page, path: string, body?: object): Promise<T> {
  const { request } = page.context()
  const session = await request.get('/v1/session')
  const { csrf_token } = (await session.json()) as { csrf_token: string }
  const options = { headers: { 'x-csrf-token': csrf_token }, ...(body && { data: body }) }
  const response = await (body ? request.post(path, options) : request.get(path))
  if (!response.ok()) throw new Error(`${path} answered ${response.status()}: ${await response.text()}`)
  return (await response.json()) as T
}

/** A finished video of the page's user, made by the real model. */
export async function makeVideo(page: Page, values: object): Promise<VideoObject> {
  const { id } = await askAs<VideoObject>(page, '/v1/videos', values)
  for (;;) {
    const video = await askAs<VideoObject>(page, `/v1/videos/${id}`)
    if (video.status === 'completed') return video
    if (video.error) throw new Error(video.error.message)
    await page.waitForTimeout(200)
  }
}

/** One whose look does not matter: a few frames in a few steps. */
export function makeQuickVideo(page: Page, values: object): Promise<VideoObject> {
  return makeVideo(page, { num_inference_steps: 2, num_frames: 4, ...values })
}
