// LISTEN on PostgreSQL, over a connection of its own that is made anew for as long as it takes when it is lost.

import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'

const LEAST_WAIT_MS = 100
const MOST_WAIT_MS = 5000

/** Rejects when the first connection fails. `regained` is called after each later one. */
export async function listenPostgres(
  url: string,
  channel: string,
  heard: (payload: string) => void,
  regained: () => void = () => {},
): Promise<() => Promise<void>> {
  const stopped = new AbortController()
  let client = await connect(url, channel, heard, lost)

  function lost(): void {
    if (!stopped.signal.aborted) void reconnect()
  }

  async function reconnect(): Promise<void> {
    for (let wait = LEAST_WAIT_MS; !stopped.signal.aborted; wait = Math.min(2 * wait, MOST_WAIT_MS)) {
      try {
        await delay(wait, undefined, { signal: stopped.signal, ref: false })
        client = await connect(url, channel, heard, lost)
      } catch {
        continue
      }
      if (stopped.signal.aborted) await client.end()
      else regained()
      return
    }
  }

  return async () => {
    stopped.abort()
    await client.end()
  }
}

async function connect(url: string, channel: string, heard: (payload: string) => void, lost: () => void): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, keepAlive: true })
  // An error is followed by the end, which is what counts.
  client.on('error', () => {})
  client.on('notification', ({ payload = '' }) => heard(payload))
  try {
    await client.connect()
    await client.query(`LISTEN ${client.escapeIdentifier(channel)}`)
  } catch (error) {
    await client.end().catch(() => {})
    throw error
  }
  client.once('end', lost)
  return client
}
