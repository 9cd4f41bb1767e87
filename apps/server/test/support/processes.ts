// The real program as child processes: `kinora serve`, `kinora worker`. Each is ended with the test file, or the program, that started it.

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url))
/** Node's own cache of compiled sources: a third less time for each start. */
const COMPILED = fileURLToPath(new URL('../../../../node_modules/.cache/kinora-cli-test', import.meta.url))

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Spawned {
  readonly process: ChildProcessByStdio<null, Readable, Readable>
  readonly ended: Promise<Ended>
  /** What standard output and error have said so far. */
  readonly said: () => string
  /** Resolves to the match once one of both says it; rejects when the program ends before. */
  readonly says: (words: RegExp) => Promise<RegExpExecArray>
  /** Sends a signal and waits for the end. */
  readonly end: (signal?: NodeJS.Signals) => Promise<Ended>
}

export interface SpawnedServe extends Spawned {
  readonly url: string
}

interface SpawnOptions {
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
}

const alive = new Set<Spawned>()
if (process.env.VITEST === undefined) process.once('exit', () => alive.forEach(({ process: child }) => void child.kill('SIGKILL')))
else (await import('vitest')).afterAll(() => Promise.all([...alive].map(({ end }) => end('SIGKILL'))).then(() => {}))

/** `kinora serve` with these arguments and a free port, once it makes videos. */
export async function spawnServe({ args, env }: SpawnOptions): Promise<SpawnedServe> {
  const spawned = spawnKinora({ args: ['serve', '--port', '0', ...args], ...(env && { env }) })
  const [, url = ''] = await spawned.says(/^Kinora listens at (http:\S+)/m)
  await spawned.says(/^(Ready to make videos|Videos are made by workers)/m)
  return { ...spawned, url }
}

/** `kinora worker` with these arguments, once it takes jobs. */
export async function spawnWorker({ args, env }: SpawnOptions): Promise<Spawned> {
  const spawned = spawnKinora({ args: ['worker', ...args], ...(env && { env }) })
  await spawned.says(/^Worker \S+ takes jobs/m)
  return spawned
}

export function spawnKinora({ args, env = {} }: SpawnOptions): Spawned {
  const child = spawn(process.execPath, ['--conditions=kinora-dev', MAIN, ...args], {
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILED, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const said = () => `${stdout}\n${stderr}`
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  const says = (words: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = words.exec(said())
        if (match) resolve(match)
      }
      for (const stream of [child.stdout, child.stderr]) stream.on('data', look)
      child.once('close', () => reject(new Error(`the program ended without saying ${words}: ${said()}`)))
      look()
    })
  const end = (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal)
    return ended
  }
  const spawned = { process: child, ended, said, says, end }
  alive.add(spawned)
  void ended.finally(() => alive.delete(spawned))
  return spawned
}
