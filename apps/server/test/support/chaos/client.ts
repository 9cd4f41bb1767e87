// What clients of the service do meanwhile: ask for videos until each is accepted, with an Idempotency-Key since the server may
// have gone after it accepted, and look how far they are.

import { setTimeout as wait } from 'node:timers/promises'
import type { VideoObject } from '../../../src/watch/video-object.ts'

export interface Client {
  /** Its id, once it is accepted. */
  submit(wish: object, key: string): Promise<string>
  /** The answer once there is one that is neither an error of the network nor of the server. */
  ask(at: string, init?: RequestInit): Promise<Response>
  /** Looks at all videos every now and then until it is aborted; progress must not fall. */
  watch(signal: AbortSignal): Promise<void>
}

/** A server that is killed again and again is back within that time. */
const PATIENCE_MS = 180_000

export function createClient(url: () => string | undefined, violate: (sentence: string) => void): Client {
  const ask: Client['ask'] = async (at, init) => {
    for (const until = Date.now() + PATIENCE_MS; ; ) {
      if (Date.now() > until) throw new Error(`${at} had no answer for ${PATIENCE_MS / 1000} s`)
      const base = url()
      const response = await fetchMaybe(base && `${base}${at}`, init)
      if (response && response.status < 500 && response.status !== 429) return response
      await response?.body?.cancel()
      await wait(100)
    }
  }
  const client: Client = {
    ask,
    async submit(wish, key) {
      const headers = { 'content-type': 'application/json', 'idempotency-key': key }
      for (;;) {
        const response = await ask('/v1/videos', { method: 'POST', headers, body: JSON.stringify(wish) })
        const text = await response.text().catch(() => undefined)
        if (text === undefined) continue // the server went while it answered
        if (!response.ok) throw new Error(`a video was refused with ${response.status}: ${text}`)
        return (JSON.parse(text) as VideoObject).id
      }
    },
    async watch(signal) {
      const most = new Map<string, number>()
      while (!signal.aborted) {
        for (const { id, progress, status } of await listAll(client).catch(() => [])) {
          if (progress < (most.get(id) ?? 0)) violate(`the progress of ${id} fell from ${most.get(id)} to ${progress}`)
          if ((progress === 100) !== (status === 'completed')) violate(`${id} is ${status} with a progress of ${progress}`)
          most.set(id, progress)
        }
        await wait(500, undefined, { signal }).catch(() => {})
      }
    },
  }
  return client
}

async function fetchMaybe(url: string | undefined, init?: RequestInit): Promise<Response | undefined> {
  return url === undefined ? undefined : fetch(url, { ...init, signal: AbortSignal.timeout(15_000) }).catch(() => undefined)
}

/** Every video, by pages. */
export async function listAll(client: Pick<Client, 'ask'>): Promise<VideoObject[]> {
  const all: VideoObject[] = []
  for (;;) {
    const after = all.at(-1)
    const response = await client.ask(`/v1/videos?order=asc&limit=100${after ? `&after=${after.id}` : ''}`)
    const page = (await response.json()) as { data: VideoObject[]; has_more: boolean }
    all.push(...page.data)
    if (!page.has_more) return all
  }
}
