// What a benchmark is: one repeated step that both sides can run on the same inputs. unet.ts and
// decode.ts each describe one; sides.ts opens the two sides, measure.ts runs them.

import type { Checkpoint, Component } from '../packages/kinora/src/checkpoint/checkpoint.ts'
import type { Graph } from '../packages/kinora/src/onnx/graph.ts'
import type { Session } from '../packages/kinora/src/runtime/engine.ts'
import type { Tensor } from '../packages/kinora/src/tensor/tensor.ts'

export type SideName = 'kinora' | 'reference'

export interface BenchOptions {
  checkpoint: string
  /** Weight files to read. */
  dtype: 'float32' | 'float16'
  /** What our engine computes in. */
  precision: string
  frames: number
  /** Pixels. */
  height: number
  width: number
  /** Measured steps; left out, the benchmark's own number. */
  steps?: number
  threads?: number
  /** Python interpreter with diffusers. */
  reference?: string
  referenceDtype: string
  /** Leaves out one side. */
  only?: SideName
}

/** What our side of a benchmark builds its step with. */
interface Workbench {
  checkpoint: Checkpoint
  /** Loads a graph into the engine that a pipeline would use. */
  load: (graph: Graph) => Promise<Session>
}

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
  /** Loads our side's models; answers the step. */
  prepare(bench: Workbench): Promise<(index: number) => Promise<Float32Array>>
}
