// Models in parts as a caller of an engine meets them: the same results as in one piece, parts left out
// and reused, aborts between parts, and memory that is given back. Everything on the real ONNX Runtime.

import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SLOW_SHAPE, slowProducts } from '../../test/support/heavy.ts'
import { EngineError } from '../errors.ts'
import { Graph } from '../onnx/graph.ts'
import { encodeModel } from '../onnx/model.ts'
import { Add, ConstantOfShape, MatMul, Mul } from '../onnx/ops.ts'
import { splitGraph } from '../onnx/split.ts'
import { tensor } from '../tensor/tensor.ts'
import { openEngine } from './engine.node.ts'
import type { Engine } from './engine.ts'

const engines: Engine[] = []
afterAll(async () => {
  for (const engine of engines) await engine.dispose()
})

async function newEngine(inProcess: boolean, lean = false): Promise<Engine> {
  const engine = await openEngine({ inProcess, lean })
  engines.push(engine)
  return engine
}

/** The model's bytes, cut at all its marks. */
const partsOf = (graph: Graph) =>
  splitGraph(
    graph,
    graph.marks.map(({ name }) => name),
  ).map(encodeModel)

/** shallow = x + 1 | deep = 2 shallow, more = 3 deep | deeper = deep + 100 | y = shallow + deeper */
function fourParts(): Graph {
  const g = Graph.create('four parts')
  const shallow = Add(g, g.input('x', 'float32', [1]), g.scalar(1))
  g.mark('deep')
  const deep = Mul(g, shallow, g.scalar(2))
  g.output('more', Mul(g, deep, g.scalar(3)))
  g.mark('deeper')
  const deeper = Add(g, deep, g.scalar(100))
  g.mark('last')
  g.output('y', Add(g, shallow, deeper))
  return g
}

const x = (value: number) => ({ x: tensor('float32', [1], Float32Array.of(value)) })
const numbers = (results: Record<string, { data: ArrayLike<unknown> }>) =>
  Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data[0]]))

describe.each([
  ['child process', false],
  ['in process', true],
])('%s', (_, inProcess) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await newEngine(inProcess)
  })

  test.each([false, true])('gives what the whole gives, streamed %s', async (streamed) => {
    const whole = await engine.createSession(encodeModel(fourParts()))
    const pieces = await engine.createSession(partsOf(fourParts()), { streamed })
    for (const value of [5, 7]) expect(await pieces.run(x(value))).toEqual(await whole.run(x(value)))
    await pieces.hold(x(9))
    expect(numbers(await pieces.run({}))).toEqual({ more: 60, y: 130 })
    await expect((await engine.createSession(partsOf(fourParts()), { streamed })).run({})).rejects.toThrow(/'?x'?/)
  })

  test.each([false, true])('parts left out give what they gave in the last run with them, streamed %s', async (streamed) => {
    const session = await engine.createSession(partsOf(fourParts()), { streamed, keep: [1, 2] })
    const reuse = [1, 2]
    expect(numbers(await session.run(x(1)))).toEqual({ more: 12, y: 106 })
    expect(numbers(await session.run(x(10), undefined, { reuse }))).toEqual({ more: 12, y: 115 })
    expect(numbers(await session.run(x(20), undefined, { reuse }))).toEqual({ more: 12, y: 125 })
    expect(numbers(await session.run(x(10)))).toEqual({ more: 66, y: 133 })
    expect(numbers(await session.run(x(0), undefined, { reuse }))).toEqual({ more: 66, y: 123 })
    // The last part reads nothing of part 1, so part 2 alone can be left out as well.
    expect(numbers(await session.run(x(1), undefined, { reuse: [2] }))).toEqual({ more: 12, y: 124 })
  })

  test('what cannot be reused is an EngineError that says why', async () => {
    await expect(engine.createSession(partsOf(fourParts()), { keep: [4] })).rejects.toThrow(/no part 4 to keep.*0 to 3/)
    const session = await engine.createSession(partsOf(fourParts()), { keep: [1, 2] })
    await expect(session.run(x(1), undefined, { reuse: [1, 2] })).rejects.toThrow(/part 1 cannot be reused before it has run/)
    await session.run(x(1))
    await expect(session.run(x(1), undefined, { reuse: [0] })).rejects.toThrow(/part 0 cannot be reused; .*\[1, 2\]/)
    await expect(session.run(x(1), undefined, { reuse: [1] })).rejects.toThrow(/part 2 needs .* of part 1/)
    await expect(session.run(x(1), undefined, { reuse: [0] })).rejects.toThrow(EngineError)
    expect(numbers(await session.run(x(1), undefined, { reuse: [1, 2] }))).toEqual({ more: 12, y: 106 })
  })

  test('a damaged part is an EngineError', async () => {
    for (const streamed of [false, true])
      await expect(engine.createSession([...partsOf(fourParts()), Uint8Array.of(1, 2, 3)], { streamed })).rejects.toThrow(EngineError)
  })

  test.each([false, true])('an abort is seen before the next part runs, streamed %s', async (streamed) => {
    const g = Graph.create('second part fails')
    const slow = slowProducts(g, 2)
    g.mark('second')
    g.output('y', Add(g, slow, g.input('not given', 'float32', [1])))
    const session = await engine.createSession(partsOf(g), { streamed })
    const feeds = { x: tensor('float32', SLOW_SHAPE) }
    const controller = new AbortController()
    const reason = new Error('enough')
    const running = session.run(feeds, controller.signal)
    setTimeout(() => controller.abort(reason), 1)
    await expect(running).rejects.toBe(reason)
    if (inProcess) await expect(session.run(feeds)).rejects.toThrow('not given')
    else expect(session.alive).toBe(false)
  })
})

test.each([false, true])('a run in process whose session is released ends with an EngineError, streamed %s', async (streamed) => {
  const session = await (await newEngine(true)).createSession(partsOf(fourParts()), { streamed })
  const running = session.run(x(1))
  await session.release()
  await expect(running).rejects.toThrow(EngineError)
})

test('an abort ends loading in process between two parts', async () => {
  const engine = await newEngine(true)
  const controller = new AbortController()
  const reason = new Error('enough')
  const creating = engine.createSession(partsOf(fourParts()), {}, controller.signal)
  controller.abort(reason)
  await expect(creating).rejects.toBe(reason)
})

describe('memory', () => {
  const WIDTH = 2048
  const WEIGHT_BYTES = WIDTH * WIDTH * 4
  const COUNT = 6

  /** Products with large constant matrices, a part each. */
  function heavy(): Uint8Array[] {
    const g = Graph.create('heavy')
    let y = g.input('x', 'float32', [1, WIDTH])
    for (let i = 0; i < COUNT; i++) {
      if (i > 0) g.mark(`${i}`)
      y = MatMul(g, y, Add(g, ConstantOfShape(g, [WIDTH, WIDTH]), g.scalar(i / WIDTH)))
    }
    g.output('y', y)
    return partsOf(g)
  }

  const feeds = { x: tensor('float32', [1, WIDTH]) }
  const residentBytes = (pid: number) => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024

  test('streamed parts are in memory one at a time', async () => {
    const peak = async (streamed: boolean) => {
      const engine = await newEngine(false)
      const session = await engine.createSession(heavy(), { streamed })
      await session.run(feeds)
      return (await engine.peakMemory())!
    }
    // A part's own peak is twice its weights: they are folded, then packed.
    expect((await peak(false)) - (await peak(true))).toBeGreaterThan((COUNT - 2.5) * WEIGHT_BYTES)
  })

  test('a released session of a lean engine gives back all its parts', async () => {
    const engine = await newEngine(false, true)
    await engine.backends()
    const before = residentBytes(engine.pid!)
    const session = await engine.createSession(heavy())
    const loaded = residentBytes(engine.pid!)
    expect(loaded - before).toBeGreaterThan(COUNT * WEIGHT_BYTES)
    await session.release()
    expect(loaded - residentBytes(engine.pid!)).toBeGreaterThan((COUNT - 0.5) * WEIGHT_BYTES)
  })

  test('what passes between parts is given back after its last reader', async () => {
    const g = Graph.create('wide')
    let y = g.input('x', 'float32', [WIDTH, WIDTH])
    for (let i = 0; i < COUNT; i++) {
      g.mark(`${i}`)
      y = Add(g, y, g.scalar(1))
    }
    g.output('y', y)
    const session = await (await newEngine(true)).createSession(partsOf(g))
    const input = tensor('float32', [WIDTH, WIDTH])
    const before = process.memoryUsage().arrayBuffers
    const results = await session.run({ x: input })
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1.5 * WEIGHT_BYTES)
    expect(results.y?.data.at(-1)).toBe(COUNT)
    expect(input.data.length).toBe(WIDTH * WIDTH)
  })
})
