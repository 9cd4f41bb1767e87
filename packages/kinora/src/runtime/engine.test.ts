// The engine process as a caller meets it: results, a free event loop, abort at any moment, crashes,
// and that it never outlives its parent. Everything runs on the real ONNX Runtime.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { SLOW_SHAPE, slowToLoad, slowToRun } from '../../test/support/heavy.ts'
import { EngineError } from '../errors.ts'
import { Graph } from '../onnx/graph.ts'
import { encodeModel } from '../onnx/model.ts'
import { Add } from '../onnx/ops.ts'
import { tensor } from '../tensor/tensor.ts'
import { openChildEngine } from './child-engine.node.ts'
import { openEngine } from './engine.node.ts'
import type { Engine } from './engine.ts'

const ABORT_LIMIT_MS = 1000
/** Long enough for a machine on which everything else runs at the same time. */
const ORPHAN_LIMIT_MS = 5000

const engines: Engine[] = []
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.dispose()
})

async function newEngine(inProcess = false): Promise<Engine> {
  const engine = await openEngine({ inProcess })
  engines.push(engine)
  return engine
}

function sum(): Uint8Array {
  const g = Graph.create('sum')
  g.output('y', Add(g, g.input('a', 'float32', [2]), g.input('b', 'float32', [2])))
  return encodeModel(g)
}

const vector = (...values: number[]) => tensor('float32', [values.length], Float32Array.from(values))
const large = () => tensor('float32', SLOW_SHAPE)
const isRunning = (pid: number) => existsSync(`/proc/${pid}`)

async function waitUntilGone(pid: number): Promise<number> {
  const start = performance.now()
  while (isRunning(pid) && performance.now() - start < 10_000) await sleep(20)
  return performance.now() - start
}

describe.each([
  ['child process', false],
  ['in process', true],
])('%s', (_, inProcess) => {
  test('runs feeds, held and given', async () => {
    const session = await (await newEngine(inProcess)).createSession(sum())
    await session.hold({ a: vector(1, 2) })
    expect((await session.run({ b: vector(10, 20) })).y).toEqual(vector(11, 22))
    await session.hold({ a: vector(3, 4) })
    expect((await session.run({ b: vector(10, 20) })).y).toEqual(vector(13, 24))
  })

  test('a damaged model and a missing feed are EngineErrors that say why', async () => {
    const engine = await newEngine(inProcess)
    await expect(engine.createSession(Uint8Array.of(1, 2, 3))).rejects.toThrow(EngineError)
    const session = await engine.createSession(sum())
    await expect(session.run({ a: vector(1, 2) })).rejects.toThrow(/'?b'?/)
    expect((await session.run({ a: vector(1, 2), b: vector(1, 2) })).y).toEqual(vector(2, 4))
  })

  test('a released session says so', async () => {
    const session = await (await newEngine(inProcess)).createSession(sum())
    await session.release()
    expect(session.alive).toBe(false)
  })
})

test('the event loop stays free during a run', async () => {
  const session = await (await newEngine()).createSession(slowToRun(60))
  let longest = 0
  let last = performance.now()
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 10)
  await session.run({ x: large() })
  clearInterval(timer)
  expect(longest).toBeLessThan(500)
})

describe('abort', () => {
  async function abortAfter(milliseconds: number, start: (signal: AbortSignal) => Promise<unknown>): Promise<number> {
    const controller = new AbortController()
    const reason = new Error('enough')
    const running = start(controller.signal)
    const settled = running.then(
      () => 'finished',
      (error: unknown) => error,
    )
    await sleep(milliseconds)
    const begin = performance.now()
    controller.abort(reason)
    expect(await settled).toBe(reason)
    return performance.now() - begin
  }

  test('mid-run: rejects with the reason, frees the process, and the engine works again', async () => {
    const engine = await newEngine()
    const session = await engine.createSession(slowToRun())
    const pid = engine.pid!
    expect(await abortAfter(300, (signal) => session.run({ x: large() }, signal))).toBeLessThan(ABORT_LIMIT_MS)
    expect(isRunning(pid)).toBe(false)
    expect(session.alive).toBe(false)
    await expect(session.run({ x: large() })).rejects.toThrow('loaded again')
    const again = await engine.createSession(sum())
    expect((await again.run({ a: vector(1, 1), b: vector(2, 2) })).y).toEqual(vector(3, 3))
  })

  test('mid-load', async () => {
    const engine = await newEngine()
    expect(await abortAfter(500, (signal) => engine.createSession(slowToLoad(), {}, signal))).toBeLessThan(ABORT_LIMIT_MS)
    expect(engine.pid).toBeUndefined()
  })

  test('before it starts', async () => {
    const session = await (await newEngine()).createSession(sum())
    await expect(session.run({ a: vector(1, 1), b: vector(1, 1) }, AbortSignal.abort(new Error('no')))).rejects.toThrow('no')
    expect(session.alive).toBe(true)
  })
})

describe('the process', () => {
  test.each(['SIGKILL', 'SIGSEGV'] as const)('its death by %s is an EngineError, and the next session starts a new one', async (signal) => {
    const engine = await newEngine()
    const session = await engine.createSession(slowToRun())
    const running = session.run({ x: large() })
    process.kill(engine.pid!, signal)
    await expect(running).rejects.toThrow(EngineError)
    await expect(running).rejects.toThrow(signal)
    const again = await engine.createSession(sum())
    expect((await again.run({ a: vector(1, 1), b: vector(2, 2) })).y).toEqual(vector(3, 3))
  })

  test('a program that cannot be started is an EngineError', async () => {
    const node = process.execPath
    const engine = await newEngine()
    process.execPath = '/nowhere/node'
    const backends = engine.backends()
    process.execPath = node
    await expect(backends).rejects.toThrow(EngineError)
    await expect(backends).rejects.toThrow(/could not be started .*ENOENT/)
  })

  test('leaves a Ctrl-C to its caller', async () => {
    const engine = await newEngine()
    const session = await engine.createSession(sum())
    process.kill(engine.pid!, 'SIGINT')
    await sleep(100)
    expect((await session.run({ a: vector(1, 1), b: vector(2, 2) })).y).toEqual(vector(3, 3))
  })

  test('ends when its parent is killed in the middle of a run', async () => {
    const program = fileURLToPath(new URL('../../test/support/engine-parent.ts', import.meta.url))
    const parent = spawn(process.execPath, ['--conditions=kinora-dev', program], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]
    const pid = Number(line.toString())
    expect(isRunning(pid)).toBe(true)
    parent.kill('SIGKILL')
    expect(await waitUntilGone(pid)).toBeLessThan(ORPHAN_LIMIT_MS)
  })

  test('does not keep a program alive that forgets dispose()', async () => {
    const script = `import { openEngine } from ${JSON.stringify(new URL('./engine.node.ts', import.meta.url).href)}
      const engine = await openEngine(); await engine.backends(); console.log(engine.pid)`
    const program = spawn(process.execPath, ['--conditions=kinora-dev', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(program.stdout, 'data')) as [Buffer]
    const [code] = (await once(program, 'exit')) as [number]
    expect(code).toBe(0)
    expect(await waitUntilGone(Number(line.toString()))).toBeLessThan(ORPHAN_LIMIT_MS)
  })

  test('reports its peak memory and the execution providers', async () => {
    const engine = await newEngine()
    expect((await engine.backends()).devices).toContain('cpu')
    expect((await engine.backends()).version).toMatch(/^\d+\.\d+/)
    expect(await engine.peakMemory()).toBeGreaterThan(20e6)
  })
})

test('a process that holds much without a session is ended, and the next session starts another', async () => {
  const engine = openChildEngine({ idleBytes: 1 })
  engines.push(engine)
  const [first, second] = [await engine.createSession(sum()), await engine.createSession(sum())]
  const pid = engine.pid!
  await first.release()
  expect(engine.pid).toBe(pid)
  expect((await second.run({ a: vector(1, 2), b: vector(3, 4) })).y).toEqual(vector(4, 6))
  await second.release()
  expect(engine.pid).toBeUndefined()
  expect(isRunning(pid)).toBe(false)
  expect(await engine.peakMemory()).toBeGreaterThan(0)
  const third = await engine.createSession(sum())
  expect((await third.run({ a: vector(1, 2), b: vector(3, 4) })).y).toEqual(vector(4, 6))
  expect(engine.pid).not.toBe(pid)
})
