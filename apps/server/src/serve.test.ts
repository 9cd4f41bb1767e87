// Opening and closing a whole service in one process. What happens to it as a process is in test/processes.test.ts.

import { readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { pino } from 'pino'
import { afterAll, expect, test } from 'vitest'
import { dataFolder } from '../test/support/data-folder.ts'
import { loadConfig } from './config/sources.ts'
import { serve } from './serve.ts'
import { work } from './work.ts'

const folder = await dataFolder('serve')
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const log = pino({ level: 'silent' })
const config = (flags: Record<string, string>) => loadConfig({ flags: { data: folder, port: '0', workers: '0', ...flags } })

test('what cannot start leaves nothing open; what starts tells its address and the set-up link, and closes once', async () => {
  const other = createServer()
  const port = await new Promise<number>((resolve) => {
    other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port))
  })
  const refused = serve(config({ port: String(port) }), { log })
  await expect(refused).rejects.toMatchObject({
    name: 'ServerError',
    code: 'cannot_listen',
    message: expect.stringContaining(`port ${port}`) as string,
  })
  await new Promise((resolve) => other.close(resolve))

  const running = await serve(config({ port: String(port) }), { log })
  expect(running.url).toBe(`http://127.0.0.1:${port}`)
  expect(running.setupLink).toMatch(new RegExp(`^${running.url}/setup#[\\w-]{43}$`))
  expect(await (await fetch(`${running.url}/health`)).json()).toEqual({ status: 'ok' })
  await Promise.all([running.close(), running.close(), running.ended])
  await expect(fetch(`${running.url}/health`)).rejects.toThrow('fetch failed')
  expect(readdirSync(folder)).not.toContain('kinora.pid')
})

test.each(['0.0.0.0', '::', '192.168.1.2', 'example.org', '127.0.0.1.example.org'])('no log-in at %s is refused', async (host) => {
  await expect(serve(config({ host, auth: 'none' }), { log })).rejects.toMatchObject({
    name: 'ConfigError',
    message: expect.stringContaining(host) as string,
  })
})

test('a worker without a database to share is refused', async () => {
  await expect(work(config({}), { log })).rejects.toThrow('--database-url')
})
