// The UNet in parts against the whole one. Streamed and cut at every mark, the same bits come out; where
// ONNX Runtime lays convolutions out anew, it joins nodes differently around a cut, and sums round
// differently. DeepCache's cut (Ma et al. 2023, arXiv 2312.00858) leaves the middle out.

import { afterAll, expect, test } from 'vitest'
import { openCheckpoint } from '../../src/checkpoint/open.ts'
import { buildUNet3D, parseUNet3DConfig } from '../../src/models/index.ts'
import type { Graph, Value } from '../../src/onnx/graph.ts'
import { encodeModel } from '../../src/onnx/model.ts'
import { balancedCuts, splitGraph } from '../../src/onnx/split.ts'
import { verifyGraph } from '../../src/onnx/verify.ts'
import { openLocalEngine } from '../../src/runtime/local-engine.node.ts'
import { Generator, randn } from '../../src/tensor/random.ts'
import type { Tensor } from '../../src/tensor/tensor.ts'
import { maxErrorInDeviations } from '../support/compare.ts'
import { fixture } from '../support/safetensors.ts'

const engine = openLocalEngine()
afterAll(() => engine.dispose())

const BAR = 1e-5
const SHAPE = { batch: 1, guided: true, frames: 3, height: 8, width: 8, tokens: 4 }

async function buildUNet(name: string): Promise<Graph> {
  const checkpoint = await openCheckpoint(fixture(`checkpoints/${name}`))
  return buildUNet3D(checkpoint.weights('unet'), parseUNet3DConfig(checkpoint.configs.unet), SHAPE)
}

function drawInputs(inputs: readonly Value[], seed: number): Record<string, Tensor> {
  const generator = new Generator(seed)
  return Object.fromEntries(inputs.map(({ name, shape }) => [name, randn(shape, generator)]))
}

const bytesOf = ({ data }: Tensor) => Buffer.from(data.buffer, data.byteOffset, data.byteLength)
const encoded = (parts: readonly Graph[]) => parts.map(encodeModel)

const allMarks = (graph: Graph) => graph.marks.map((mark) => mark.name)

test.each<[string, string, (graph: Graph) => string[]]>([
  ['ms', 'four parts of about equal weight', (graph) => balancedCuts(graph, 4)],
  ['odd', 'all marks', allMarks],
])('%s cut at %s gives what the whole gives', async (name, _, cuts) => {
  const graph = await buildUNet(name)
  for (const part of splitGraph(graph, allMarks(graph))) expect(verifyGraph(part)).toEqual([])
  const parts = splitGraph(graph, cuts(graph))
  expect(parts).toHaveLength(cuts(graph).length + 1)
  const feeds = drawInputs(graph.inputs, 1)
  const run = async (pieces: readonly Graph[], streamed: boolean) => {
    const session = await engine.createSession(encoded(pieces), { streamed })
    return (await session.run(feeds)).out_sample!
  }
  const whole = await run([graph], true)
  expect(Buffer.compare(bytesOf(await run(parts, true)), bytesOf(whole))).toBe(0)
  expect(maxErrorInDeviations(await run(parts, false), whole)).toBeLessThan(BAR)
})

test('a middle that is left out contributes what it gave before', async () => {
  const graph = await buildUNet('odd')
  const last = graph.marks.filter(({ name }) => name.startsWith('up_blocks.')).at(-1)!.name
  const parts = encoded(splitGraph(graph, ['down_blocks.0.0', last]))
  const session = await engine.createSession(parts, { keep: [1] })
  const [first, second] = [1, 2].map((seed) => drawInputs(graph.inputs, seed))
  const full = await session.run(first!)
  const run = async (feeds: Record<string, Tensor>) => (await session.run(feeds, undefined, { reuse: [1] })).out_sample!
  expect(await run(first!)).toEqual(full.out_sample)
  const mixed = await run(second!)
  expect(mixed).not.toEqual(full.out_sample)
  expect(mixed).not.toEqual((await session.run(second!)).out_sample)
})
