// Kinora's side of the benchmark: the UNet alone, on the engine that a pipeline would use.

import { openCheckpoint } from '../packages/kinora/src/checkpoint/open.ts'
import { buildPromptContext, buildUNet3D, parseUNet3DConfig } from '../packages/kinora/src/models/index.ts'
import { encodeModel } from '../packages/kinora/src/onnx/model.ts'
import { openEngine } from '../packages/kinora/src/runtime/engine.node.ts'
import type { Session } from '../packages/kinora/src/runtime/engine.ts'
import { tensor } from '../packages/kinora/src/tensor/tensor.ts'

/** Tokens of a CLIP prompt. */
const TOKENS = 77

export interface UNetOptions {
  /** Checkpoint folder in the diffusers layout. */
  checkpoint: string
  /** `fp16` picks the float16 weight files. */
  variant?: string
  precision: string
  batch: number
  frames: number
  /** Latent height and width. */
  height: number
  width: number
  threads?: number
}

export interface UNetInputs {
  /** [B, 4, F, H, W] */
  sample: Float32Array
  timestep: number
  /** [B, 77, D] */
  encoderHiddenStates: Float32Array
}

export interface BenchUNet {
  /** Process that holds the engine; its children count with it. */
  readonly pid: number
  /** One forward: the predicted noise [B, 4, F, H, W]. */
  step(inputs: UNetInputs): Promise<Float32Array>
  dispose(): Promise<void>
}

/** Loads the UNet into an engine process of its own. The prompt's keys and values are computed once, as in a generation. */
export async function openUNet(options: UNetOptions): Promise<BenchUNet> {
  const { batch, frames, height, width, threads } = options
  if (options.precision !== 'float32') throw new Error(`precision ${options.precision} is not there yet: float32 is`)
  const checkpoint = await openCheckpoint(options.checkpoint, options.variant === undefined ? {} : { variant: options.variant })
  const config = parseUNet3DConfig(checkpoint.configs.unet)
  const weights = checkpoint.weights('unet')
  const sessionOptions = threads === undefined ? {} : { threads }
  const engine = openEngine()
  const graph = buildUNet3D(weights, config, { batch, frames, height, width, tokens: TOKENS })
  let unet: Session | undefined
  const load = async (encoderHiddenStates: Float32Array) => {
    const context = await engine.createSession(encodeModel(buildPromptContext(weights, config, { batch, tokens: TOKENS })), sessionOptions)
    const shape = [batch, TOKENS, config.crossAttentionDim]
    const prompt = await context.run({ encoder_hidden_states: tensor('float32', shape, encoderHiddenStates) })
    await context.release()
    const session = await engine.createSession(encodeModel(graph), sessionOptions)
    await session.hold(prompt)
    return session
  }
  await engine.backends() // starts the process, so that its pid is known before the weights are loaded
  return {
    pid: engine.pid ?? 0,
    step: async ({ sample, timestep, encoderHiddenStates }) => {
      unet ??= await load(encoderHiddenStates)
      const times = tensor('float32', [batch], new Float32Array(batch).fill(timestep))
      const shape = [batch, config.inChannels, frames, height, width]
      const { out_sample } = await unet.run({ sample: tensor('float32', shape, sample), timestep: times })
      return out_sample?.data as Float32Array
    },
    dispose: () => engine.dispose(),
  }
}
