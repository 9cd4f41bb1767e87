// `npm run test:docs`: the code blocks of README.md and of every English page are run, page by page, in an empty folder each. The
// program is this repository's, models come from a hub of our own that has small checkpoints under the published names, and pages that
// call a service have a real one. Blocks that are marked as not run are counted, with their reasons (support/blocks.ts).

import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startService, type TestService } from '../../apps/server/test/support/service.ts'
import type { FakeHub } from '../../packages/kinora/test/support/hub-server.ts'
import type { Block } from './support/blocks.ts'
import { startModels } from './support/hub.ts'
import { REPOSITORY, runPages } from './support/pages.ts'
import { scriptOf } from './support/script.ts'
import { makeTools } from './support/tools.ts'

/** Far more than a page takes on a machine of its own. */
const PAGE_MS = 420_000
const SAID = 3000
const SERVES = /^\s*(?:\w+=\S+ )*(?:npx |npm run )?(?:@kinora\/cli|kinora)(?: --)? serve\b/m
const ASKS = /\b7860\b|\$KINORA_URL|\$KEY\b/

const root = mkdtempSync(path.join(tmpdir(), 'kinora-run-docs-'))
const pages = runPages()
const counts = { run: 0, smaller: 0 }
let hub: FakeHub
let tools: string
let shared: TestService | undefined

beforeAll(async () => {
  hub = await startModels()
  tools = makeTools(path.join(root, 'tools'))
})
afterAll(async () => {
  await shared?.close()
  await hub?.close()
  rmSync(root, { recursive: true, force: true })
  const reasons = new Map<string, number>()
  for (const { marks } of [...pages.values()].flat())
    if (marks.notRun !== undefined) reasons.set(marks.notRun, (reasons.get(marks.notRun) ?? 0) + 1)
  const skipped = [...reasons].toSorted(([, one], [, other]) => other - one).map(([reason, count]) => `  ${count} ${reason}`)
  console.log(`${counts.run} blocks ran, ${counts.smaller} of them with smaller generations; not run:\n${skipped.join('\n')}`)
})

const busy = [...pages].filter(([, blocks]) =>
  blocks.some(({ kind, marks }) => (kind === 'shell' || kind === 'module') && marks.notRun === undefined),
)

test.each(busy)('%s', { timeout: PAGE_MS + 20_000 }, async (page, blocks) => {
  const place = path.join(root, page.replaceAll(/\W/g, '-'))
  const folder = path.join(place, 'page')
  const state = path.join(place, 'state')
  for (const name of [folder, state]) mkdirSync(name, { recursive: true })
  symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(place, 'node_modules'))
  writeFileSync(path.join(place, 'package.json'), '{"type": "module"}')
  const { url, key, port } = await serviceFor(blocks)
  const script = scriptOf(blocks, folder, port)
  const ended = await bash(script.text, folder, {
    PATH: tools,
    HOME: place,
    TMPDIR: place,
    PAGE_STATE: state,
    NODE_OPTIONS: '--conditions=kinora-dev',
    KINORA_PORT: String(port),
    KINORA_URL: url,
    KEY: key,
    SERVE_LOG: path.join(state, 'serve.log'),
    HF_ENDPOINT: hub.endpoint,
    HF_HOME: path.join(root, 'hub'),
    KINORA_CACHE: path.join(root, 'cache'),
    ORT_DISABLE_TELEMETRY: '1',
    NO_COLOR: '1',
  })
  expect(ended.code, `${page}:${ended.line} ended with ${ended.code}:\n${ended.said.slice(-SAID)}`).toBe(0)
  counts.run += script.run
  counts.smaller += script.smaller
})

/** A page that starts a service itself gets a free port for it; others that ask one share ours. */
async function serviceFor(blocks: readonly Block[]): Promise<{ url: string; key: string; port: number }> {
  const texts = blocks.filter(({ kind, marks }) => kind !== 'shown' && marks.notRun === undefined).map(({ text }) => text)
  if (texts.some((text) => SERVES.test(text)) || !texts.some((text) => ASKS.test(text))) {
    const port = await freePort()
    return { url: `http://127.0.0.1:${port}`, key: '', port }
  }
  shared ??= await startService({ models: [{ name: 'demo', source: 'demo' }] })
  return { url: shared.url, key: shared.key, port: Number(new URL(shared.url).port) }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

interface Ended {
  readonly code: number | string
  /** Of the block that ran last. */
  readonly line: string
  readonly said: string
}

function bash(script: string, cwd: string, env: Record<string, string>): Promise<Ended> {
  const child = spawn('bash', ['--noprofile', '--norc'], { cwd, env, stdio: ['pipe', 'pipe', 'pipe', 'pipe'], detached: true })
  let [said, line] = ['', '?']
  const hear = (chunk: Buffer) => {
    said += chunk.toString()
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  child.stdio[3]?.on('data', (chunk: Buffer) => {
    line = chunk.toString().trim().split('\n').at(-1) ?? line
  })
  // As a function, so that bash has read all of it before a program of it can take its input.
  child.stdin.end(`page() {\n:\n${script}\n}\npage </dev/null\n`)
  const timer = setTimeout(() => endGroup(child.pid!), PAGE_MS)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      clearTimeout(timer)
      // Services, workers and whatever else the page left running are of its group.
      setTimeout(() => {
        endGroup(child.pid!)
        resolve({ code: code ?? signal ?? 'nothing', line, said })
      }, 100)
    })
  })
}

function endGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL')
  } catch {} // nothing of it runs
}
