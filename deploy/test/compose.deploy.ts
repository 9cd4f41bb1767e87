// compose.yaml as it is, but for the images of PostgreSQL and S3: a server, two workers, a queue, and what may happen to them.

import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, clientOf, TRIANGLE } from './containers/client.ts'
import { openCompose } from './containers/compose.ts'
import { openDocker } from './containers/docker.ts'
import { buildKinora, buildStores } from './containers/images.ts'

const VIDEOS = 12
const PATIENCE = { timeout: 600_000, interval: 1000 }

const docker = await openDocker()
const compose = docker && (await openCompose(docker))
if (!compose) process.stderr.write('skipped: needs a docker daemon and compose (Debian: docker.io, docker-compose)\n')

describe.skipIf(!compose)('server, two workers, PostgreSQL and S3', () => {
  const run = (...args: string[]) => compose!.run(...args)
  const query = (sql: string) => compose!.query(sql)
  const url = () => compose!.url()
  const ids: string[] = []
  let client: Client
  const statuses = async () => [...new Set(await Promise.all(ids.map((id) => client.status(id))))]

  beforeAll(async () => {
    await buildKinora(docker!)
    await buildStores(docker!)
    await run('up', '-d', '--no-build', '--scale', 'worker=2')
    client = await clientOf(await url())
  }, 3_600_000)
  afterAll(async () => {
    await run('down', '--volumes', '--remove-orphans', '--timeout', '5')
    await docker!.stop()
  })

  test('all that listens or works is healthy', async () => {
    const health = async () => {
      const containers = (await run('ps', '-q', 'server', 'worker', 'postgres', 's3')).split('\n')
      return docker!.run('inspect', '--format', '{{.State.Health.Status}}', ...containers)
    }
    await expect.poll(health, PATIENCE).toBe(Array(5).fill('healthy').join('\n'))
    await expect.poll(async () => (await fetch(`${await url()}/ready`)).status, PATIENCE).toBe(200)
  })

  test('both workers take part, and the jobs of one that is killed are done by the other', async () => {
    for (let seed = 1; seed <= VIDEOS; seed++) ids.push(await client.create({ prompt: TRIANGLE, seed, num_inference_steps: 4 }))
    const parties = () => query("select distinct worker_id from videos where status = 'completed'")
    await expect.poll(async () => (await parties()).length, PATIENCE).toBe(2)
    const at = "select split_part(name, ' ', 1) from workers join videos on worker_id = workers.id where status = 'in_progress' limit 1"
    await expect.poll(() => query(at), PATIENCE).toHaveLength(1)
    await docker!.run('kill', ...(await query(at)))
    await expect.poll(statuses, PATIENCE).toEqual(['completed'])
    expect(await query('select max(attempt) from videos')).toEqual(['2'])
  })

  test('the videos lie in S3, and a server that is started anew has them', async () => {
    const before = await client.bytes(ids[0]!)
    await run('restart', 'server')
    await expect.poll(async () => (await fetch(`${await url()}/health`).catch(() => undefined))?.status, PATIENCE).toBe(200)
    client = await clientOf(await url())
    expect(await statuses()).toEqual(['completed'])
    expect((await client.bytes(ids[0]!)).equals(before)).toBe(true)
    const files = await run('exec', '-T', 's3', 'find', '/data/videos', '-type', 'f')
    for (const id of ids)
      expect(files).toContain(
        createHash('sha256')
          .update(await client.bytes(id))
          .digest('hex'),
      )
    expect(await run('exec', '-T', 'server', 'find', '/data', '-name', '*.mp4')).toBe('')
  })

  test('a worker that is stopped ends its job first', async () => {
    ids.push(await client.create({ prompt: TRIANGLE, seed: 99 }))
    await expect.poll(() => client.status(ids.at(-1)!), PATIENCE).toBe('in_progress')
    await run('stop', '--timeout', '240', 'worker')
    expect(await client.status(ids.at(-1)!)).toBe('completed')
    expect(await query('select count(*) from workers')).toEqual(['0'])
  })
})
