// The service as the program that people run: its start, its words, its end, and what a kill -9 leaves.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { loadConfig } from '../src/config/sources.ts'
import { openDatabase } from '../src/db/open.ts'
import { videos } from '../src/db/schema.ts'
import { work } from '../src/work.ts'
import { startPostgres } from './support/postgres.ts'
import { spawnKinora, spawnServe, spawnWorker } from './support/processes.ts'
import { ADMIN, newKey, TINY } from './support/service.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'kinora-processes-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const MODEL = ['--model', `${TINY.name}=${TINY.source}`, '--device', 'cpu']
const FIRST_ADMIN = { KINORA_ADMIN_USER: ADMIN.name, KINORA_ADMIN_PASSWORD: ADMIN.password }
const SHORT = { prompt: 'a panda', size: '64x64', num_frames: 2, num_inference_steps: 2, seed: 1 }
/** Long enough to be killed in the middle of. */
const LONG = { ...SHORT, num_inference_steps: 40 }

/** A busy machine takes its time; each wait ends as soon as what it waits for is there. */
const PATIENCE = { timeout: 60_000 }
vi.setConfig({ testTimeout: 180_000 })

interface Client {
  readonly create: (wish: object) => Promise<string>
  readonly status: (id: string) => Promise<string>
  readonly bytes: (id: string) => Promise<Buffer>
  readonly events: (id: string) => Promise<Response>
}

function client(url: string, key: string): Client {
  const ask = async (at: string, init: RequestInit = {}): Promise<Response> => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const response = await fetch(`${url}${at}`, { ...init, headers })
    if (!response.ok) throw new Error(`${at} answered ${response.status}: ${await response.text()}`)
    return response
  }
  return {
    create: async (wish) => ((await (await ask('/v1/videos', { method: 'POST', body: JSON.stringify(wish) })).json()) as { id: string }).id,
    status: async (id) => ((await (await ask(`/v1/videos/${id}`)).json()) as { status: string }).status,
    events: (id) => ask(`/v1/videos/${id}/events`),
    bytes: async (id) => Buffer.from(await (await ask(`/v1/videos/${id}/content`)).arrayBuffer()),
  }
}

/** Processes that this one started, and theirs. */
function descendants(parent: number): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
  const pairs = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  const below = (pid: number): number[] => pairs.filter(([, ppid]) => ppid === pid).flatMap(([child]) => [child!, ...below(child!)])
  return below(parent)
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const isMp4 = (bytes: Buffer) => bytes.subarray(4, 8).toString() === 'ftyp'

describe('words', () => {
  test('--print-config shows what holds, without secrets', async () => {
    const env = { KINORA_ADMIN_USER: 'ann', KINORA_ADMIN_PASSWORD: 'geheim', KINORA_LIMITS_FRAMES: '7' }
    const { code, stdout } = await spawnKinora({ args: ['serve', '--port', '1234', '--print-config', '--data', folder], env }).ended
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ port: 1234, data: folder, adminUser: 'ann', adminPassword: '***', limits: { frames: 7 } })
    expect(existsSync(path.join(folder, 'database'))).toBe(false)
  })

  test.each([
    [['serve', '--auth', 'none', '--host', '0.0.0.0'], 'kinora: auth is none and host is 0.0.0.0'],
    [['serve', '--port', '70000'], 'kinora: --port is 70000: it must be at most 65535'],
  ])('%j is bad usage', async (args, words) => {
    const { code, stdout, stderr } = await spawnKinora({ args: [...args, '--data', folder] }).ended
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(words)
  })
})

describe('one process with all in a folder', () => {
  const args = [...MODEL, '--data', path.join(folder, 'all')]
  const [jobs, made]: [string[], Buffer[]] = [[], []]
  let key: string

  test('makes a video; a second process on the same data is refused; kill -9 takes its children along', async () => {
    const serving = await spawnServe({ args, env: FIRST_ADMIN })
    expect(await (await fetch(`${serving.url}/health`)).json()).toEqual({ status: 'ok' })
    key = await newKey(serving.url, ADMIN, ['videos:read', 'videos:write'])
    const { create, status, bytes } = client(serving.url, key)
    jobs.push(await create(SHORT))
    const refused = await spawnKinora({ args: ['serve', '--port', '0', ...args] }).ended
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toContain(`is in use by process ${serving.process.pid}: stop it, or name another folder with --data`)
    await expect.poll(() => status(jobs[0]!), PATIENCE).toBe('completed')
    made.push(await bytes(jobs[0]!))
    expect(isMp4(made[0]!)).toBe(true)
    jobs.push(await create(LONG), await create(SHORT))
    await expect.poll(() => status(jobs[1]!), PATIENCE).toBe('in_progress')
    const children = descendants(serving.process.pid!)
    expect(children.length).toBeGreaterThan(0)
    await serving.end('SIGKILL')
    await expect.poll(() => children.filter(runs), PATIENCE).toEqual([])
  })

  test('started again it has the video, makes what was accepted, and SIGTERM lets the running one end', async () => {
    const serving = await spawnServe({ args })
    const { create, status, bytes, events } = client(serving.url, key)
    expect((await bytes(jobs[0]!)).equals(made[0]!)).toBe(true)
    for (const id of jobs) await expect.poll(() => status(id), PATIENCE).toBe('completed')
    jobs.push(await create(LONG))
    await expect.poll(() => status(jobs[3]!), PATIENCE).toBe('in_progress')
    const watching = await events(jobs[3]!)
    const children = descendants(serving.process.pid!)
    const ended = await serving.end('SIGTERM')
    expect(ended).toMatchObject({ code: 0, signal: null, stdout: expect.stringContaining('Ending.') as string })
    expect(await watching.text()).toContain('event: progress')
    expect(children.filter(runs)).toEqual([])
    expect(existsSync(path.join(folder, 'all', 'kinora.pid'))).toBe(false)
    const database = await openDatabase({ folder: path.join(folder, 'all') })
    const rows = await database.db.select().from(videos)
    await database.close()
    expect(rows.map(({ status: end }) => end)).toEqual(['completed', 'completed', 'completed', 'completed'])
    expect(rows.find(({ id }) => id === jobs[1])?.attempt).toBe(2)
  })
})

const postgres = await startPostgres()
afterAll(() => postgres?.stop())

describe.skipIf(!postgres)('server and worker on PostgreSQL', () => {
  test('share the work, outlive lost connections, and each ends by itself on SIGTERM', async () => {
    const databaseUrl = await postgres!.createDatabase()
    const args = ['--data', path.join(folder, 'shared'), '--database-url', databaseUrl, ...MODEL]
    const serving = await spawnServe({ args: ['--workers', '0', ...args], env: FIRST_ADMIN })
    const elsewhere = work(loadConfig({ flags: { databaseUrl, data: path.join(folder, 'elsewhere') } }))
    await expect(elsewhere).rejects.toThrow('elsewhere cannot take videos, since the service keeps its videos elsewhere')
    const working = await spawnWorker({ args })
    const { create, status, bytes } = client(serving.url, await newKey(serving.url, ADMIN, ['videos:read', 'videos:write']))
    await postgres!.dropConnections()
    await expect.poll(async () => (await fetch(`${serving.url}/ready`)).status, PATIENCE).toBe(200)
    const id = await create(SHORT)
    await expect.poll(() => status(id), PATIENCE).toBe('completed')
    expect(isMp4(await bytes(id))).toBe(true)
    expect(await working.end('SIGTERM')).toMatchObject({ code: 0, signal: null })
    expect(await serving.end('SIGTERM')).toMatchObject({ code: 0, signal: null })
  })
})
