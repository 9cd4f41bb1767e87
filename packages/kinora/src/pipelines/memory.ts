// How much memory a generation takes, from its settings and the model's graphs alone, so that a machine
// that is too small is known before an hour is spent. Graphs are built and walked (onnx/liveness.ts), not
// run. An estimate, not a limit; docs/performance.md compares it with what was measured.

import { buildClipText, buildUNet3D, buildVaeDecoder, buildVaeEncoder } from '../models/index.ts'
import type { Graph } from '../onnx/graph.ts'
import type { GraphMemory } from '../onnx/liveness.ts'
import { graphMemory } from '../onnx/liveness.ts'
import { balancedCuts, splitGraph } from '../onnx/split.ts'
import { bytesPerElement, elementCount } from '../tensor/tensor.ts'
import type { ModelFiles } from './model-files.ts'
import type { Settings } from './settings.ts'
import type { TileSize } from './tiling.ts'
import { decoderTiles, FRAMES_AT_ONCE, needsTiles, tileRows } from './tiling.ts'

const FLOAT32_BYTES = 4
/** Node.js and ONNX Runtime in the engine process, and Node.js in the caller's, before any model. */
const BASE_BYTES = 240 * 2 ** 20
/** What a session takes beside its tensors. */
const SESSION_BYTES = 30 * 2 ** 20
/** Weights in int8 with their scales and the parts that stay in float32, for each byte in float32. */
const INT8_SHARE = 0.27

/** What tiles that wait for their neighbours take, for each byte of the frame that they make. */
const TILE_OVERHEAD = 2

/** Bytes; `total` is the sum over both processes at the peak. */
export interface MemoryEstimate {
  /** Weights that are in memory at the peak. */
  weights: number
  /** What the models work in then. */
  activations: number
  /** The finished frames [B, F, H, W, 3] in the caller's process. */
  frames: number
  total: number
}

/** What saves memory and costs something else. */
export interface MemoryLevers {
  /** The two halves of guidance run one after the other. */
  readonly halves: boolean
  /** The UNet is loaded in so many parts at every run, each for its turn only; 1 keeps it whole. */
  readonly parts: number
  /** Tensors come from ONNX Runtime's arena, which is faster and leaves gaps. */
  readonly arena: boolean
  /** The autoencoder works in tiles where pictures are larger than one; their pixels then differ a little. */
  readonly tiles: boolean
}

export const NO_LEVERS: MemoryLevers = { halves: false, parts: 1, arena: true, tiles: false }

export type Estimator = (settings: Settings, levers: MemoryLevers) => MemoryEstimate

/** One model at its work. */
interface Stage {
  weights: number
  activations: number
  /** While it is loaded. */
  loading: number
}

/** Of a model whose components are in memory one at a time (`offload`), or all together. Each graph is built once per shape. */
export function memoryEstimator(files: ModelFiles, offload: boolean): Estimator {
  const known = new Map<string, Stage>()
  const stage = (key: unknown, build: () => Stage) => {
    const name = JSON.stringify(key)
    const found = known.get(name) ?? build()
    known.set(name, found)
    return found
  }
  return (settings, levers) => {
    const { prompt, numFrames, height, width } = settings
    const { vae } = files
    const text = { batch: prompt.length, tokens: files.tokenizer.maxLength }
    const stages = [
      stage({ text }, () => stageOf(buildClipText(files.checkpoint.weights('text_encoder'), files.text, text), true)),
      unetStage(files, settings, levers, stage),
      ...pictures(files, settings).map(({ build, tiles, size }) =>
        largest(
          shapesOf(size, levers.tiles ? tiles : undefined).map((shape) =>
            stage({ vae: build.name, ...shape, arena: levers.arena }, () =>
              stageOf(build(files.checkpoint.weights('vae'), vae, shape), levers.arena),
            ),
          ),
        ),
      ),
    ]
    const frames = prompt.length * numFrames * height * width * 3 * FLOAT32_BYTES
    const tiled = levers.tiles && needsTiles(settings, decoderTiles(vae).output.side)
    const waiting = tiled ? TILE_OVERHEAD * Math.min(1, FRAMES_AT_ONCE / (prompt.length * numFrames)) : 0
    return total(stages, frames * (1 + waiting), offload)
  }
}

/** At the peak: the frames are there while the last stage makes them. */
function total(stages: readonly Stage[], frames: number, offload: boolean): MemoryEstimate {
  const sum = ({ weights, activations, loading }: Stage, ready: number) => Math.max(weights + activations + ready, loading)
  if (offload) {
    const last = stages.length - 1
    const peaks = stages.map((stage, i) => sum(stage, i === last ? frames : 0))
    const at = peaks.indexOf(Math.max(...peaks))
    const { weights, activations } = stages[at]!
    return rounded(weights, activations, at === last ? frames : 0, BASE_BYTES + peaks[at]!)
  }
  const add = (of: (stage: Stage) => number) => stages.reduce((bytes, stage) => bytes + of(stage), 0)
  const [weights, activations] = [add((stage) => stage.weights), add((stage) => stage.activations)]
  const loading = Math.max(...stages.map((stage) => stage.loading - stage.weights))
  return rounded(weights, activations, frames, BASE_BYTES + weights + Math.max(activations + frames, loading))
}

function rounded(weights: number, activations: number, frames: number, bytes: number): MemoryEstimate {
  return { weights, activations: Math.round(activations), frames, total: Math.round(bytes) }
}

function stageOf(graph: Graph, arena: boolean): Stage {
  return fromGraph(graphMemory(graph), arena)
}

function fromGraph({ constants, sources, activations, resident }: GraphMemory, arena: boolean): Stage {
  const working = arena ? resident - constants : activations
  return { weights: constants, activations: working + SESSION_BYTES, loading: constants + sources + SESSION_BYTES }
}

/** The stage that takes most. */
function largest(stages: readonly Stage[]): Stage {
  const size = ({ weights, activations, loading }: Stage) => Math.max(weights + activations, loading)
  return stages.reduce((a, b) => (size(b) > size(a) ? b : a))
}

function unetStage(files: ModelFiles, settings: Settings, levers: MemoryLevers, stage: (key: unknown, build: () => Stage) => Stage): Stage {
  const { prompt, numFrames, guidanceScale, guidanceInterval, precision } = settings
  const halves = levers.halves || guidanceInterval !== undefined
  const shape = {
    batch: prompt.length,
    guided: guidanceScale > 1 && !halves,
    frames: numFrames,
    height: settings.height / files.vae.scaleFactor,
    width: settings.width / files.vae.scaleFactor,
    tokens: files.tokenizer.maxLength,
  }
  const { parts, arena } = levers
  const float = stage({ unet: shape, parts, arena }, () => {
    const graph = buildUNet3D(files.checkpoint.weights('unet'), files.unet, shape)
    return parts === 1 ? stageOf(graph, arena) : streamedStage(graph, parts, arena)
  })
  if (precision !== 'int8') return float
  const weights = float.weights * INT8_SHARE
  return { weights, activations: float.activations, loading: weights + SESSION_BYTES }
}

/** The heaviest of a graph's parts, with what waits for the parts after it. */
function streamedStage(graph: Graph, count: number, arena: boolean): Stage {
  const parts = splitGraph(graph, balancedCuts(graph, count))
  const given = new Set(graph.inputs.map(({ name }) => name))
  return largest(
    parts.map((part, i) => {
      const waiting = new Map(parts.slice(i).flatMap(({ inputs }) => inputs.map((value) => [value.name, value] as const)))
      const made = new Set(parts.slice(i).flatMap(({ outputs }) => outputs.map(({ name }) => name)))
      const carried = [...waiting.values()].filter(({ name }) => !made.has(name) && !given.has(name))
      const bytes = carried.reduce((sum, { dtype, shape }) => sum + elementCount(shape) * bytesPerElement(dtype), 0)
      const own = fromGraph(graphMemory(part, false), arena)
      return { weights: own.weights, activations: own.activations + bytes, loading: own.loading + bytes }
    }),
  )
}

/** What the autoencoder does in this run, in order. */
function pictures({ vae }: ModelFiles, { height, width, strength }: Settings) {
  const size = { height: height / vae.scaleFactor, width: width / vae.scaleFactor }
  const decode = { build: buildVaeDecoder, tiles: decoderTiles(vae), size }
  return strength === undefined ? [decode] : [{ build: buildVaeEncoder, tiles: decoderTiles(vae), size }, decode]
}

/** Shapes of the pictures that the autoencoder takes at a time, in latents. */
function shapesOf({ height, width }: { height: number; width: number }, tiles: TileSize | undefined) {
  if (!tiles || !needsTiles({ height, width }, tiles.input.side)) return [{ batch: 1, height, width }]
  return tileRows(height, width, tiles)
    .flat()
    .map((tile) => ({ batch: 1, height: tile.height, width: tile.width }))
}
