// What the tests ask of a service in a container, over HTTP, as anyone would.

import { newKey } from '../../../apps/server/test/support/service.ts'

export const ADMIN = { name: 'admin', password: 'correct horse battery' }
export const TRIANGLE = 'a big yellow triangle falling on a navy background'

export interface Client {
  /** Asks for a video; its id. */
  readonly create: (wish: object) => Promise<string>
  readonly status: (id: string) => Promise<string>
  readonly bytes: (id: string) => Promise<Buffer>
}

export async function clientOf(url: string): Promise<Client> {
  const key = await newKey(url, ADMIN, ['videos:read', 'videos:write'])
  const ask = async (at: string, init: RequestInit = {}): Promise<Response> => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const response = await fetch(`${url}${at}`, { ...init, headers })
    if (!response.ok) throw new Error(`${at} answered ${response.status}: ${await response.text()}`)
    return response
  }
  return {
    create: async (wish) => ((await (await ask('/v1/videos', { method: 'POST', body: JSON.stringify(wish) })).json()) as { id: string }).id,
    status: async (id) => ((await (await ask(`/v1/videos/${id}`)).json()) as { status: string }).status,
    bytes: async (id) => Buffer.from(await (await ask(`/v1/videos/${id}/content`)).arrayBuffer()),
  }
}
