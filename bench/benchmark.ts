// What a stepwise benchmark is: one repeated step that both sides can run on the same inputs. unet.ts,
// vae.ts and text.ts each describe one; sides.ts opens the two sides, measure.ts runs them.

import type { Component } from '../packages/kinora/src/checkpoint/checkpoint.ts'
import type { Tensor } from '../packages/kinora/src/tensor/tensor.ts'
import type { ObservedPipeline } from './observed.ts'

export interface Benchmark {
  title: string
  /** What one step makes: the row's heading is seconds per this. */
  unit: string
  /** FLOP of one step. */
  flops: number
  /** Measured steps when the options do not say. */
  steps: number
  /** Step i works on input i modulo this and its output is kept as that one's. */
  distinct: number
  /** The part of the checkpoint that works. */
  part: Component
  /** What the reference reads, by the names that reference.py expects. */
  inputs: Readonly<Record<string, Tensor>>
  /** Answers our side's step; models are loaded within the first one. */
  prepare(bench: ObservedPipeline): (index: number) => Promise<Float32Array>
}
