// Several real processes that pull the same model, one of them killed in the middle.

import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { content, sha256 } from '../../../test/support/hub-files.ts'
import { type FakeHub, type Fault, startHub } from '../../../test/support/hub-server.ts'
import { pullModel } from './hub.node.ts'

const TEMP = mkdtempSync(path.join(tmpdir(), 'kinora-processes-'))
const CHILD = path.resolve(import.meta.dirname, '../../../test/support/pull-child.ts')
const COMMIT = 'c'.repeat(40)
const LORA = 'lora.safetensors'
const SIZE = 3_000_017
const BYTES = content('some weights', SIZE)
let hub: FakeHub
let cache: string
let options: { cache: string; endpoint: string; env: Record<string, string> }

beforeAll(async () => {
  hub = await startHub({ 'owner/lora': { commit: COMMIT, files: { [LORA]: BYTES } } })
})
afterAll(async () => {
  await hub.close()
  rmSync(TEMP, { recursive: true, force: true })
})
beforeEach(() => {
  hub.hits.length = 0
  cache = mkdtempSync(path.join(TEMP, 'cache-'))
  options = { cache, endpoint: hub.endpoint, env: {} }
})

const blob = () => path.join(cache, 'models--owner--lora/blobs', sha256(BYTES))
const starts = () => hub.hits.filter(({ server }) => server === 'cdn').map(({ start }) => start)
/** The first download of the weights goes so, later ones as they should. */
function fault(first: Fault): void {
  const left = [first]
  hub.fault = ({ server }) => (server === 'cdn' ? left.shift() : undefined)
}

interface Child {
  pid: number
  /** Resolves when it has printed `text`. */
  printed(text: string): Promise<void>
  end: Promise<{ code: number | null; output: string }>
}

function startChild(): Child {
  const child = spawn(process.execPath, ['--conditions=kinora-dev', CHILD, 'owner/lora', JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  const end = new Promise<{ code: number | null; output: string }>((resolve) => child.on('close', (code) => resolve({ code, output })))
  const printed = async (text: string) => {
    while (!output.includes(text)) await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return { pid: child.pid!, printed, end }
}

it('lets two processes share one download', async () => {
  const children = [startChild(), startChild()]
  fault({ until: Promise.any(children.map((child) => child.printed('"waiting"'))) })
  const ends = await Promise.all(children.map(({ end }) => end))
  expect(ends.map(({ code }) => code)).toEqual([0, 0])
  expect(starts()).toEqual([0])
  expect(new Set(ends.map(({ output }) => /"downloaded":(\d+)/.exec(output)?.[1]))).toEqual(new Set(['0', String(SIZE)]))
  expect(readFileSync(blob()).equals(BYTES)).toBe(true)
})

it('takes over from a process that was killed in the middle', async () => {
  fault({ slowMs: 10 })
  const child = startChild()
  await child.printed('"downloading"')
  while ((statSync(`${blob()}.incomplete`, { throwIfNoEntry: false })?.size ?? 0) < 500_000)
    await new Promise((resolve) => setTimeout(resolve, 5))
  process.kill(child.pid, 'SIGKILL')
  await child.end
  expect(readdirSync(path.join(cache, '.locks/models--owner--lora'))).toEqual([`${sha256(BYTES)}.kinora.lock`])
  const kept = statSync(`${blob()}.incomplete`).size
  const pulled = await pullModel('owner/lora', options)
  expect(pulled.downloaded).toBe(SIZE - kept)
  expect(starts()).toEqual([0, kept])
  expect(readFileSync(pulled.path).equals(BYTES)).toBe(true)
})
