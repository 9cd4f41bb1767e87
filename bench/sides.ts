// The two sides of a benchmark behind one interface: Kinora on an engine process of its own, and
// diffusers in a Python process. Neither measures the other; measure.ts runs them in turn.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openCheckpoint } from '../packages/kinora/src/checkpoint/open.ts'
import { encodeModel } from '../packages/kinora/src/onnx/model.ts'
import { openEngine } from '../packages/kinora/src/runtime/engine.node.ts'
import { encodeSafetensors } from '../packages/kinora/src/tensor/safetensors.ts'
import { expectTensor, readSafetensors } from '../packages/kinora/test/support/safetensors.ts'
import type { Benchmark, BenchOptions } from './benchmark.ts'
import { Reference } from './reference.ts'

export interface Side {
  /** Process that holds the model; its children count with it. */
  readonly pid: number
  /** Loading that happened before the first step. */
  readonly loadSeconds: number
  /** Runs one step; its seconds. */
  step(): Promise<number>
  /** The outputs of the distinct inputs seen so far, one after the other. */
  output(): Promise<Float32Array>
  stop(): Promise<void>
}

/** Kinora's side. The models are loaded within the first step, once the caller knows which process to watch. */
export async function openKinora(options: BenchOptions, benchmark: Benchmark): Promise<Side> {
  const start = performance.now()
  const checkpoint = await openCheckpoint(options.checkpoint, options.dtype === 'float16' ? { variant: 'fp16' } : {})
  const engine = await openEngine()
  await engine.backends() // starts the process, so that its pid is known
  const sessionOptions = options.threads === undefined ? {} : { threads: options.threads }
  const outputs: Float32Array[] = []
  let run: ((index: number) => Promise<Float32Array>) | undefined
  let steps = 0
  return {
    pid: engine.pid ?? 0,
    loadSeconds: secondsSince(start),
    async step() {
      const begin = performance.now()
      const index = steps++ % benchmark.distinct
      run ??= await benchmark.prepare({ checkpoint, load: (graph) => engine.createSession(encodeModel(graph), sessionOptions) })
      outputs[index] = await run(index)
      return secondsSince(begin)
    },
    output: () => Promise.resolve(concat(outputs)),
    stop: () => engine.dispose(),
  }
}

/** Diffusers' side, in a Python process; inputs and outputs pass through files in `folder`. */
export async function openReference(options: BenchOptions, benchmark: Benchmark, python: string, folder: string): Promise<Side> {
  const { checkpoint, dtype, referenceDtype, threads } = options
  const [inputFile, outputFile] = [join(folder, 'inputs.safetensors'), join(folder, 'output.safetensors')]
  writeFileSync(inputFile, Buffer.concat(encodeSafetensors(benchmark.inputs)))
  const { reference, ready } = await Reference.start({
    python,
    checkpoint,
    part: benchmark.part,
    dtype: referenceDtype,
    inputs: inputFile,
    output: outputFile,
    ...(dtype === 'float16' && { variant: 'fp16' }),
    ...(threads && { threads }),
  })
  return {
    pid: reference.pid,
    loadSeconds: Number(ready.load_seconds),
    step: () => reference.step(),
    async output() {
      await reference.save()
      return expectTensor(readSafetensors(outputFile), 'output', 'float32').data
    },
    stop: () => reference.stop(),
  }
}

function concat(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    out.set(part, offset)
    offset += part.length
  }
  return out
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000
}
