// Memory of a generation, from the library's own graphs and plan: nothing is run. On the CPU it is the estimate that `kinora generate
// --dry-run` prints. On a GPU it is the float16 graphs as that device gets them, all three models loaded at once, and an allowance for
// what the driver and its libraries take. `traffic` is what the UNet's operators read and write in a step, each by itself.

import { rmSync } from 'node:fs'
import { openCheckpoint } from '../../packages/kinora/src/checkpoint/open.ts'
import { buildClipText, buildUNet3D, buildVaeDecoder } from '../../packages/kinora/src/models/index.ts'
import type { Graph, Target, Value } from '../../packages/kinora/src/onnx/graph.ts'
import { graphMemory } from '../../packages/kinora/src/onnx/liveness.ts'
import { reachable } from '../../packages/kinora/src/onnx/model.ts'
import { memoryEstimator, NO_LEVERS } from '../../packages/kinora/src/pipelines/memory.ts'
import { type ModelFiles, parseModelFiles } from '../../packages/kinora/src/pipelines/model-files.ts'
import type { Settings } from '../../packages/kinora/src/pipelines/settings.ts'
import { bytesPerElement, elementCount } from '../../packages/kinora/src/tensor/tensor.ts'
import { writeSparseCheckpoint } from './sparse-checkpoint.ts'

export interface Clip {
  readonly frames: number
  readonly height: number
  readonly width: number
}

/** The driver's context, kernels and workspaces of its libraries: an allowance, not measured. */
export const GPU_ALLOWANCE = 2 ** 30

const TOKENS = 77
/** Operators that move nothing. */
const VIEWS: ReadonlySet<string> = new Set(['Reshape', 'Identity'])

export async function withFiles<T>(dtype: 'float32' | 'float16', use: (files: ModelFiles) => T): Promise<T> {
  const folder = writeSparseCheckpoint(dtype)
  try {
    return use(parseModelFiles(await openCheckpoint(folder, {})))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Bytes at the peak, both processes, each model loaded for its part. */
export function cpuBytes(files: ModelFiles, clip: Clip, precision: 'float32' | 'int8'): number {
  const settings: Settings = {
    prompt: [''],
    negativePrompt: [''],
    height: clip.height,
    width: clip.width,
    numFrames: clip.frames,
    numInferenceSteps: 25,
    guidanceScale: 9,
    eta: 0,
    seed: 0,
    scheduler: 'DDIMScheduler',
    clipSkip: 0,
    ...(precision === 'int8' && { precision }),
  }
  return memoryEstimator(files, true)(settings, NO_LEVERS).total
}

export interface GpuBytes {
  readonly weights: number
  readonly activations: number
  /** With the allowance. */
  readonly total: number
  /** Of one guided step of the UNet. */
  readonly traffic: number
  readonly operators: number
}

/** `fusedAttention` is false on devices whose own attention is wrong (docs of the GPU). `files` in float16. */
export function gpuBytes(files: ModelFiles, clip: Clip, fusedAttention: boolean): GpuBytes {
  const target: Target = { dtype: 'float16', turns: false, fusedAttention }
  const { frames } = clip
  const [height, width] = [clip.height / files.vae.scaleFactor, clip.width / files.vae.scaleFactor]
  const { checkpoint } = files
  const unet = buildUNet3D(checkpoint.weights('unet'), files.unet, {
    batch: 1,
    guided: true,
    frames,
    height,
    width,
    tokens: TOKENS,
    target,
  })
  const vae = buildVaeDecoder(checkpoint.weights('vae'), files.vae, { batch: 1, height, width, target })
  const text = buildClipText(checkpoint.weights('text_encoder'), files.text, { batch: 1, tokens: TOKENS, target })
  const parts = [unet, vae, text].map((graph) => graphMemory(graph, false))
  const weights = parts.reduce((sum, { constants }) => sum + constants, 0)
  const activations = Math.max(...parts.map(({ resident, constants }) => resident - constants))
  return { weights, activations, total: weights + activations + GPU_ALLOWANCE, ...trafficOf(unet) }
}

function trafficOf(graph: Graph): { traffic: number; operators: number } {
  const sizes = new Map([...graph.inputs, ...graph.initializers.values()].map((value) => [value.name, bytesOf(value)]))
  let [traffic, operators] = [0, 0]
  for (const { opType, inputs, outputs } of reachable(graph).nodes) {
    for (const output of outputs) sizes.set(output.name, bytesOf(output))
    if (VIEWS.has(opType)) continue
    operators++
    for (const name of [...inputs, ...outputs.map((output) => output.name)]) traffic += sizes.get(name) ?? 0
  }
  return { traffic, operators }
}

function bytesOf({ dtype, shape }: Value): number {
  return elementCount(shape) * bytesPerElement(dtype)
}
