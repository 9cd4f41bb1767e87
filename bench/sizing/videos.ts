// The videos that are counted with, and the arithmetic in each: two evaluations of the UNet a step (guidance), every frame decoded,
// the prompt and the negative prompt encoded. flops.ts counts, from the shapes of the published weights.

import { textFlops, totalFlops, unetFlops, vaeDecoderFlops } from '../flops.ts'
import { fullSizeShapes } from '../full-size.ts'

export interface VideoKind {
  readonly name: 'quick' | 'fine' | 'long' | 'large'
  readonly title: string
  readonly frames: number
  readonly height: number
  readonly width: number
  readonly steps: number
  /** Of all that is asked for, in the simulation. */
  readonly share: number
}

/** The first is what the hosted demo of this family makes. */
export const VIDEO_KINDS: readonly VideoKind[] = [
  { name: 'quick', title: '16 frames, 256x256, 25 steps', frames: 16, height: 256, width: 256, steps: 25, share: 0.8 },
  { name: 'fine', title: '16 frames, 256x256, 50 steps', frames: 16, height: 256, width: 256, steps: 50, share: 0.15 },
  { name: 'long', title: '64 frames, 256x256, 25 steps', frames: 64, height: 256, width: 256, steps: 25, share: 0.05 },
  { name: 'large', title: '24 frames, 576x320 (zeroscope), 25 steps', frames: 24, height: 320, width: 576, steps: 25, share: 0 },
]

export interface VideoWork {
  /** TFLOP of all steps, of all frames, of both texts. */
  readonly denoising: number
  readonly decoding: number
  readonly text: number
}

const TOKENS = 77
/** Pixels in a latent's, each way. */
const LATENT = 8
const TERA = 1e12

let shapes: Record<'unet' | 'vae' | 'text_encoder', ReturnType<typeof fullSizeShapes>> | undefined

/** TFLOP of one step with guidance. */
export function stepWork({ frames, height, width }: Pick<VideoKind, 'frames' | 'height' | 'width'>): number {
  const size = { batch: 2, frames, height: height / LATENT, width: width / LATENT, tokens: TOKENS }
  return totalFlops(unetFlops(fullSize().unet, size)) / TERA
}

export function videoWork(kind: Pick<VideoKind, 'frames' | 'height' | 'width' | 'steps'>): VideoWork {
  const { frames, height, width, steps } = kind
  const frame = totalFlops(vaeDecoderFlops(fullSize().vae, { height: height / LATENT, width: width / LATENT })) / TERA
  const text = (2 * totalFlops(textFlops(fullSize().text_encoder, TOKENS))) / TERA
  return { denoising: steps * stepWork(kind), decoding: frames * frame, text }
}

export function totalWork({ denoising, decoding, text }: VideoWork): number {
  return denoising + decoding + text
}

function fullSize(): NonNullable<typeof shapes> {
  shapes ??= { unet: fullSizeShapes('unet'), vae: fullSizeShapes('vae'), text_encoder: fullSizeShapes('text_encoder') }
  return shapes
}
