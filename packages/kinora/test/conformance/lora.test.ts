// One adapter in three file formats against what PEFT and diffusers compute with it: the merged weights, the
// UNet's output, and that merging costs nothing per run. Then the formats without files of their own: the
// published adapters' module names at full size, and cloneofsimo's lists in the reference's module order.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fromBinary } from '@bufbuild/protobuf'
import * as ort from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Checkpoint, Component } from '../../src/checkpoint/checkpoint.ts'
import { applyLoras } from '../../src/checkpoint/lora/apply.ts'
import { openLora } from '../../src/checkpoint/lora/open.ts'
import { openCheckpoint } from '../../src/checkpoint/open.ts'
import { type WeightEntry, Weights } from '../../src/checkpoint/weights.ts'
import { buildPromptContext, buildUNet3D, parseUNet3DConfig } from '../../src/models/index.ts'
import { feedForward } from '../../src/models/nn/feed-forward.ts'
import { resnetBlock } from '../../src/models/nn/resnet.ts'
import { weight } from '../../src/models/nn/weight.ts'
import { Graph } from '../../src/onnx/graph.ts'
import { encodeModel } from '../../src/onnx/model.ts'
import { ModelProtoSchema } from '../../src/onnx/onnx_pb.ts'
import { openLocalEngine } from '../../src/runtime/local-engine.node.ts'
import { encodeSafetensors } from '../../src/tensor/safetensors.ts'
import { type Tensor, tensor } from '../../src/tensor/tensor.ts'
import { maxErrorInDeviations } from '../support/compare.ts'
import { readJson } from '../support/json.ts'
import { fixture, readSafetensors } from '../support/safetensors.ts'
import { torchZip } from '../support/torch-file.ts'

const FORMS = ['peft', 'diffusers', 'kohya'] as const
const TEMP = mkdtempSync(path.join(tmpdir(), 'kinora-lora-'))
const engine = openLocalEngine()
afterAll(async () => {
  await engine.dispose()
  rmSync(TEMP, { recursive: true, force: true })
})

async function run(graph: Graph, feeds: Record<string, Tensor>): Promise<Record<string, Tensor>> {
  const session = await engine.createSession(encodeModel(graph))
  const results = await session.run(feeds)
  await session.release()
  return results
}

/** What the engine makes of these weights: an output for each, under its name. */
async function mergedWeights(weights: Weights, names: readonly string[]): Promise<Record<string, Tensor>> {
  const g = Graph.create('weights')
  for (const name of names) g.output(`merged ${name}`, weight(g, weights, name, weights.entries().get(name)!.shape))
  const results = await run(g, {})
  return Object.fromEntries(names.map((name) => [name, results[`merged ${name}`]!]))
}

describe('one adapter in three forms', () => {
  const meta = readJson<{ rank: number; alpha: number; modules: string[]; unet: { timestep: number } }>('expected/ms-lora.json')
  const expected = readSafetensors(fixture('expected/ms-lora.safetensors'))
  const want = (key: string) => expected.get(key)!
  const names = meta.modules.map((module) => `${module}.weight`)
  let base: Checkpoint
  beforeAll(async () => {
    base = await openCheckpoint(fixture('checkpoints/ms'))
  })
  const adapter = readSafetensors(fixture('checkpoints/ms-lora/peft/adapter_model.safetensors'))
  const plain = readSafetensors(fixture('checkpoints/ms/unet/diffusion_pytorch_model.safetensors'))
  const withLora = async (form: string, scale = 1) =>
    applyLoras(base, [{ lora: await openLora(fixture(`checkpoints/ms-lora/${form}`)), scale }])

  test.each(FORMS)('%s: every module is W + alpha / rank * up x down, as the reference merged it', async (form) => {
    const merged = await mergedWeights((await withLora(form)).weights('unet'), names)
    for (const module of meta.modules) {
      const factor = (part: 'A' | 'B') => adapter.get(`base_model.model.${module}.lora_${part}.weight`)!
      const dense = denseMerge(plain.get(`${module}.weight`)!, factor('B'), factor('A'), meta.alpha / meta.rank)
      expect(largestDifference(merged[`${module}.weight`]!, dense), module).toBeLessThan(1e-6)
    }
    const recorded = [...expected.keys()].filter((key) => key.startsWith('weight.'))
    expect(recorded.length).toBeGreaterThanOrEqual(12)
    for (const key of recorded) {
      const got = merged[`${key.slice('weight.'.length)}.weight`]!
      expect(largestDifference(got, want(key)), key).toBeLessThan(1e-6)
    }
  })

  test('the UNet gives what the merged reference gives', async () => {
    const checkpoint = await withLora('peft')
    const weights = checkpoint.weights('unet')
    const config = parseUNet3DConfig(checkpoint.configs.unet)
    const [sample, context] = [want('unet.sample'), want('unet.context')]
    const [batch, , frames, height, width] = sample.shape as [number, number, number, number, number]
    const tokens = context.shape[1]!
    const prompt = await run(buildPromptContext(weights, config, { batch, tokens }), { encoder_hidden_states: context })
    const unet = buildUNet3D(weights, config, { batch, frames, height, width, tokens })
    weights.assertAllUsed()
    const timestep = tensor('float32', [batch], new Float32Array(batch).fill(meta.unet.timestep))
    const { out_sample } = await run(unet, { sample, timestep, ...prompt })
    expect(maxErrorInDeviations(out_sample!, want('unet.output'))).toBeLessThan(1e-4)
  })

  test('adapters add up with their scales, and one at scale 0 is not there', async () => {
    const [peft, diffusers, kohya] = await Promise.all(FORMS.map((form) => openLora(fixture(`checkpoints/ms-lora/${form}`))))
    const some = names.slice(0, 40)
    const loras = [
      { lora: peft!, scale: 1.5 },
      { lora: diffusers!, scale: -0.5 },
      { lora: kohya!, scale: 0 },
    ]
    const summed = await mergedWeights(applyLoras(base, loras).weights('unet'), some)
    const once = await mergedWeights((await withLora('peft')).weights('unet'), some)
    for (const name of some) expect(largestDifference(summed[name]!, once[name]!), name).toBeLessThan(2e-6)
    const none = applyLoras(base, loras.slice(2))
    expect([...none.weights('unet').entries().values()].some(({ deltas }) => deltas)).toBe(false)
  })

  test.each(['ms', 'ms-fp16'])('%s: the engine merges when it loads the model, so that a run costs the same', async (name) => {
    const checkpoint = await openCheckpoint(fixture(`checkpoints/${name}`))
    const lora = await openLora(fixture('checkpoints/ms-lora/kohya'))
    const merged = await optimizedOperators(someLayers(applyLoras(checkpoint, [{ lora }])))
    expect(merged).toEqual(await optimizedOperators(someLayers(checkpoint)))
    expect(merged.Gemm).toBe(4)
  })

  test('the description names format, modules, rank and alpha', async () => {
    const descriptions = await Promise.all(FORMS.map(async (form) => (await openLora(fixture(`checkpoints/ms-lora/${form}`))).description))
    const common = { modules: 482, ranks: [4] }
    expect(descriptions).toEqual([
      { source: fixture('checkpoints/ms-lora/peft'), format: 'peft', ...common, alphas: [8] },
      { source: fixture('checkpoints/ms-lora/diffusers'), format: 'diffusers', ...common, alphas: [] },
      { source: fixture('checkpoints/ms-lora/kohya'), format: 'kohya', ...common, alphas: [8] },
    ])
  })
})

describe('the published model', () => {
  const checkpoint = fullSize()
  const order = readJson<Record<string, string[]>>('lora/registration-order.json')
  /** The suffixes that MCM's adapters were trained for; modules that are temporal and convolutions are left out. */
  const suffixes =
    /\.(?:to_[qkv]|to_out\.0|proj_in|proj_out|ff\.net\.0\.proj|ff\.net\.2|conv1|conv2|conv_shortcut|downsamplers\.0\.conv|upsamplers\.0\.conv|time_emb_proj)$/
  const adapted = order.UNet3DConditionModel!.filter((name) => suffixes.test(name) && !(name.includes('temp') && name.includes('conv')))

  test.each([
    ['peft', (module: string) => [`base_model.model.${module}.lora_A.weight`, `base_model.model.${module}.lora_B.default.weight`]],
    ['diffusers', (module: string) => [`unet.${module}.lora.down.weight`, `unet.${module}.lora.up.weight`]],
    ['kohya', (module: string) => ['down', 'up'].map((part) => `lora_unet_${module.replaceAll('.', '_')}.lora_${part}.weight`)],
  ] as const)('%s: the 482 module names of the published distillation resolve', async (format, spell) => {
    expect(adapted.length).toBe(482)
    const unet = checkpoint.weights('unet').entries()
    const tensors: Record<string, Tensor> = {}
    for (const module of adapted) {
      const [down, up] = spell(module) as [string, string]
      const { shape } = unet.get(`${module}.weight`)!
      tensors[down] = tensor('float16', [1, ...shape.slice(1)])
      tensors[up] = tensor('float16', [shape[0]!, 1, ...shape.slice(2).map(() => 1)])
    }
    const file = write(`full-${format}/adapter_model.safetensors`, tensors)
    if (format === 'peft') writeFileSync(path.join(path.dirname(file), 'adapter_config.json'), '{"peft_type":"LORA","r":1,"lora_alpha":1}')
    const lora = await openLora(file)
    const changed = [...applyLoras(checkpoint, [{ lora }]).weights('unet').entries()].filter(([, { deltas }]) => deltas)
    expect(lora.format).toBe(format)
    expect(changed.map(([name]) => name).sort()).toEqual(adapted.map((module) => `${module}.weight`).sort())
  })

  test.each([
    ['UNet3DConditionModel', 'unet'],
    ['TransformerTemporalModel', 'unet'],
    ['Transformer2DModel', 'unet'],
    ['CLIPEncoderLayer', 'text_encoder'],
  ] as const)('cloneofsimo: a list for %s goes to its modules in the order of the reference', async (target, component) => {
    const modules = order[target]!.filter((module) => !module.endsWith('cond_proj'))
    const file = writeList(`${target}.pt`, modules, component)
    const entries = applyLoras(checkpoint, [{ lora: await openLora(file) }])
      .weights(component)
      .entries()
    const placed = [...entries].flatMap(([name, { deltas }]) => (deltas ? [[name, pairNumber(deltas[0])] as const] : []))
    expect(placed.toSorted(([, a], [, b]) => a - b).map(([name]) => name)).toEqual(modules.map((module) => `${module}.weight`))
  })

  test('cloneofsimo: the order of diffusers before July 2023, feed-forward before the second attention', async () => {
    // Twelve layers a transformer: proj_in, attn1 (4), attn2 (4), ff (2), proj_out.
    const layers = order.Transformer2DModel!
    const older = layers.map((_, i) => layers[i - (i % 12) + [0, 1, 2, 3, 4, 9, 10, 5, 6, 7, 8, 11][i % 12]!]!)
    const file = writeList('older.pt', older, 'unet')
    const entries = applyLoras(checkpoint, [{ lora: await openLora(file) }])
      .weights('unet')
      .entries()
    expect(older.map((module) => pairNumber(entries.get(`${module}.weight`)!.deltas?.[0]))).toEqual(older.map((_, i) => i))
  })

  test('cloneofsimo: a guidance embedding is named where the UNet has none, and taken where it has', async () => {
    const lora = await openLora(writeList('turbo.pt', order.UNet3DConditionModel!, 'unet'))
    expect(lora.description).toMatchObject({ format: 'cloneofsimo', modules: 575 })
    expect(() => applyLoras(checkpoint, [{ lora }])).toThrow('time_embedding.cond_proj, the guidance embedding')
    const entries = new Map(checkpoint.weights('unet').entries())
    entries.set('time_embedding.cond_proj.weight', { dtype: 'float32', shape: [320, 256], path: '/model', byteOffset: 0, byteLength: 0 })
    const distilled = {
      ...checkpoint,
      weights: (component: Component) => (component === 'unet' ? Weights.from(entries) : checkpoint.weights(component)),
    }
    const changed = [...applyLoras(distilled, [{ lora }]).weights('unet').entries()].filter(([, { deltas }]) => deltas)
    expect(changed.length).toBe(575)
  })

  /** A list of rank-1 pairs; pair i is recognised by the size of what lies before it. */
  function writeList(name: string, modules: readonly string[], component: Component): string {
    const entries = checkpoint.weights(component).entries()
    const list = modules.flatMap((module) => {
      const shape = module.endsWith('cond_proj') ? [320, 256] : entries.get(`${module}.weight`)!.shape
      const ones = shape.slice(2).map(() => 1)
      return [tensor('float16', [shape[0]!, 1, ...ones]), tensor('float16', [1, ...shape.slice(1)])]
    })
    const file = path.join(TEMP, name)
    writeFileSync(file, torchZip(list))
    return file
  }
})

/** A resnet with its time embedding and a feed-forward layer: convolutions, a projection and one that is cut in halves. */
function someLayers(checkpoint: Checkpoint): Graph {
  const g = Graph.create('some layers')
  const block = checkpoint.weights('unet').at('down_blocks.0')
  const config = { outChannels: 8, norm: { groups: 4, epsilon: 1e-5 } }
  const temb = g.input('temb', 'float32', [1, 32])
  g.output('resnet', resnetBlock(g, block.at('resnets.0'), g.input('x', 'float32', [1, 8, 4, 4]), config, { activated: temb, frames: 1 }))
  g.output('ff', feedForward(g, block.at('attentions.0.transformer_blocks.0.ff'), g.input('rows', 'float32', [5, 8])))
  return g
}

/** Position of a delta's pair in its list. */
function pairNumber(delta: object | undefined): number {
  return Number((delta as { up: WeightEntry }).up.nameInFile) / 2
}

function write(name: string, tensors: Record<string, Tensor>): string {
  const file = path.join(TEMP, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, Buffer.concat(encodeSafetensors(tensors)))
  return file
}

/** The published checkpoint's tensors by name and shape, without their data. */
function fullSize(): Checkpoint {
  const read = (component: Component) =>
    Object.entries(readJson<Record<string, number[]>>(`full-size/${component}.shapes.json`)).map(
      ([name, shape]) =>
        [name.replace('text_model.', ''), { dtype: 'float32' as const, shape, path: '/model', byteOffset: 0, byteLength: 0 }] as const,
    )
  const entries = { unet: new Map(read('unet')), vae: new Map(read('vae')), text_encoder: new Map(read('text_encoder')) }
  const configs = { unet: {}, vae: {}, text_encoder: {}, scheduler: {} }
  const tokenizer = { vocab: {}, merges: [], specialTokens: {}, config: {} }
  return { source: 'full size', index: {}, configs, tokenizer, weights: (component) => Weights.from(entries[component]) }
}

/** base + scale * up x down, in double precision, on kernels flattened from their second axis. */
function denseMerge(base: Tensor, up: Tensor, down: Tensor, scale: number): Tensor {
  const [rows, rank] = up.shape as [number, number]
  const columns = base.data.length / rows
  const data = Float32Array.from(base.data as Float32Array, (value, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns]
    let sum = 0
    for (let r = 0; r < rank; r++) sum += Number(up.data[row * rank + r]) * Number(down.data[r * columns + column])
    return value + scale * sum
  })
  return tensor('float32', base.shape, data)
}

function largestDifference(a: Tensor, b: Tensor): number {
  if (a.shape.join() !== b.shape.join()) return Number.POSITIVE_INFINITY
  return (a.data as Float32Array).reduce((worst, value, i) => Math.max(worst, Math.abs(value - Number(b.data[i]))), 0)
}

/** How often each operator is left after ONNX Runtime's optimizations. */
async function optimizedOperators(graph: Graph): Promise<Record<string, number>> {
  const file = path.join(TEMP, 'optimized.onnx')
  const session = await ort.InferenceSession.create(encodeModel(graph), {
    optimizedModelFilePath: file,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    extra: { session: { model_external_initializers_file_folder_path: '/' } },
  })
  await session.release()
  const counts: Record<string, number> = {}
  for (const { opType } of fromBinary(ModelProtoSchema, readFileSync(file)).graph!.node) counts[opType] = (counts[opType] ?? 0) + 1
  return counts
}
