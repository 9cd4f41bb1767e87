// What the library and its engine process say to each other, over Node's structured-clone IPC.

import type { Tensor } from '../tensor/tensor.ts'
import type { RunOptions, SessionOptions } from './engine.ts'

export type Request =
  | { type: 'create'; model: Uint8Array | readonly Uint8Array[]; options: SessionOptions }
  | { type: 'hold'; session: number; feeds: Record<string, Tensor> }
  | { type: 'run'; session: number; feeds: Record<string, Tensor>; options: RunOptions }
  | { type: 'release'; session: number }
  | { type: 'backends' }
  | { type: 'peakMemory' }

/** What the engine's process says after a release, in bytes; undefined where the system does not tell. */
export interface Released {
  readonly resident: number
  readonly peak: number | undefined
}

export type Reply = { id: number; ok: true; result: unknown } | { id: number; ok: false; message: string }

export type Numbered = { id: number; request: Request }
