// Counts the arithmetic of one UNet forward, of decoding one frame, or of encoding one text, from the
// shapes of the weights: 2 x multiply-adds of convolutions, matrix products and attention. Norms, activations and softmax are
// left out, as is usual. The prompt's keys and values are counted once a sample, not once a frame.

import type { Weights } from '../packages/kinora/src/checkpoint/weights.ts'

/** Latent sizes of a forward: batch includes the guidance pair. */
export interface UNetSize {
  batch: number
  frames: number
  height: number
  width: number
  /** Prompt tokens that cross-attention reads. */
  tokens: number
}

export type FlopKind = 'conv2d' | 'conv3d' | 'linear' | 'attention'

/** Name -> shape of every weight. */
type Shapes = Readonly<Record<string, readonly number[]>>

export function shapesOf(weights: Weights): Shapes {
  return Object.fromEntries([...weights.entries()].map(([name, { shape }]) => [name, shape]))
}

const product = (sizes: readonly number[]): number => sizes.reduce((result, size) => result * size, 1)

/** FLOP of one UNet3DConditionModel forward by kind. */
export function unetFlops(shapes: Shapes, size: UNetSize): Record<FlopKind, number> {
  const levels = 1 + Math.max(...Object.keys(shapes).map((name) => Number(/^down_blocks\.(\d+)\./.exec(name)?.[1] ?? -1)))
  const flops = { conv2d: 0, conv3d: 0, linear: 0, attention: 0 }
  for (const [name, shape] of Object.entries(shapes)) {
    if (shape.length < 2) continue
    const pixels = pixelsAt(levelOf(name, levels), size)
    flops[kindOf(shape)] += 2 * product(shape) * rowsOf(name, pixels, size)
    if (name.endsWith('.to_q.weight')) flops.attention += attentionFlops(name, shape[0] ?? 0, pixels, size)
  }
  return flops
}

/** FLOP of AutoencoderKL decoding one frame, by kind; the size is that of its latents. */
export function vaeDecoderFlops(shapes: Shapes, { height, width }: { height: number; width: number }): Record<FlopKind, number> {
  const weights = Object.entries(shapes).filter(([name, shape]) => shape.length > 1 && /^(decoder|post_quant_conv)\./.test(name))
  const last = Math.max(...weights.map(([name]) => Number(/\.up_blocks\.(\d+)\./.exec(name)?.[1] ?? 0)))
  const flops = { conv2d: 0, conv3d: 0, linear: 0, attention: 0 }
  for (const [name, shape] of weights) {
    const block = Number(/\.up_blocks\.(\d+)\./.exec(name)?.[1] ?? 0) + (name.includes('.upsamplers.') ? 1 : 0)
    const pixels = height * width * 4 ** (name.startsWith('decoder.conv_out.') ? last : block)
    flops[kindOf(shape)] += 2 * product(shape) * pixels
    if (name.endsWith('.to_q.weight')) flops.attention += 2 * 2 * pixels * pixels * (shape[0] ?? 0)
  }
  return flops
}

/** FLOP of CLIPTextModel over one text, by kind; every token attends to all, as the mask saves no work. */
export function textFlops(shapes: Shapes, tokens: number): Record<FlopKind, number> {
  const flops = { conv2d: 0, conv3d: 0, linear: 0, attention: 0 }
  for (const [name, shape] of Object.entries(shapes)) {
    if (shape.length < 2 || name.endsWith('_embedding.weight')) continue
    flops.linear += 2 * product(shape) * tokens
    if (name.endsWith('.q_proj.weight')) flops.attention += 2 * 2 * tokens * tokens * (shape[0] ?? 0)
  }
  return flops
}

export function totalFlops(flops: Readonly<Record<FlopKind, number>>): number {
  return flops.conv2d + flops.conv3d + flops.linear + flops.attention
}

function kindOf(shape: readonly number[]): FlopKind {
  return shape.length === 5 ? 'conv3d' : shape.length === 4 ? 'conv2d' : 'linear'
}

/** How often the latent has been halved where this weight's output lives. */
function levelOf(name: string, levels: number): number {
  const [, side, index] = /^(down|up)_blocks\.(\d+)\./.exec(name) ?? []
  if (side === 'down') return Number(index) + (name.includes('.downsamplers.') ? 1 : 0)
  if (side === 'up') return levels - 1 - Number(index) - (name.includes('.upsamplers.') ? 1 : 0)
  return name.startsWith('mid_block.') ? levels - 1 : 0
}

/** Pixels of one frame; a stride-2 convolution with padding 1 rounds up. */
function pixelsAt(level: number, { height, width }: UNetSize): number {
  return Math.ceil(height / 2 ** level) * Math.ceil(width / 2 ** level)
}

/** Output rows (pixels, tokens or samples) that a weight is applied to. */
function rowsOf(name: string, pixels: number, { batch, frames, tokens }: UNetSize): number {
  if (name.includes('time_emb')) return batch
  if (/\.attentions\..*\.attn2\.to_[kv]\./.test(name)) return batch * tokens
  return batch * frames * pixels
}

/** Scores and weighted sum of one attention: over a frame's pixels, the prompt, or a pixel's frames. */
function attentionFlops(name: string, inner: number, pixels: number, { batch, frames, tokens }: UNetSize): number {
  const spatial = name.includes('.attentions.')
  const keys = !spatial ? frames : name.includes('.attn2.') ? tokens : pixels
  return 2 * 2 * batch * frames * pixels * keys * inner
}
