// The two sides of a benchmark behind one interface: Kinora on an engine process of its own, and
// diffusers in a Python process. Neither measures the other; measure.ts runs them in turn.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeSafetensors } from '../packages/kinora/src/tensor/safetensors.ts'
import { expectTensor, readSafetensors } from '../packages/kinora/test/support/safetensors.ts'
import type { Benchmark } from './benchmark.ts'
import { elapsed } from './clock.ts'
import { loadOptions } from './library.ts'
import { ObservedPipeline, type Span } from './observed.ts'
import type { BenchOptions } from './options.ts'
import { commonOptions, Reference, versionsOf } from './reference.ts'

export interface Side {
  /** Process that holds the model; its children count with it. */
  readonly pid: number
  /** Loading so far: our side loads within its first step. */
  readonly loadSeconds: number
  /** Of what is not ours. */
  readonly versions: Readonly<Record<string, string>>
  /** Runs one step; its seconds without loading. */
  step(): Promise<number>
  /** The outputs of the distinct inputs seen so far, one after the other. */
  output(): Promise<Float32Array>
  stop(): Promise<void>
}

const isLoading = ({ work }: Span): boolean => work === 'build' || work === 'encode' || work === 'load'

/** Kinora's side. The models are loaded within the first step, once the caller knows which process to watch. */
export async function openKinora(options: BenchOptions, benchmark: Benchmark): Promise<Side> {
  const start = performance.now()
  // A part that works alone stays loaded from step to step.
  const bench = await ObservedPipeline.open(options.checkpoint, { ...loadOptions(options), offload: benchmark.part === 'unet' })
  const { engine } = bench.parts
  await engine.backends() // starts the process, so that its pid is known
  const opening = elapsed(start)
  const run = benchmark.prepare(bench)
  const outputs: Float32Array[] = []
  let steps = 0
  return {
    get pid() {
      return engine.pid ?? 0
    },
    versions: {},
    get loadSeconds() {
      return opening + bench.seconds(isLoading)
    },
    async step() {
      const [begin, loaded] = [performance.now(), bench.seconds(isLoading)]
      const index = steps++ % benchmark.distinct
      outputs[index] = await run(index)
      return elapsed(begin) - (bench.seconds(isLoading) - loaded)
    },
    output: () => Promise.resolve(concat(outputs)),
    stop: () => engine.dispose(),
  }
}

/** Diffusers' side, in a Python process; inputs and outputs pass through files in `folder`. */
export async function openReference(options: BenchOptions, benchmark: Benchmark, python: string, folder: string): Promise<Side> {
  const [inputFile, outputFile] = [join(folder, 'inputs.safetensors'), join(folder, 'output.safetensors')]
  writeFileSync(inputFile, Buffer.concat(encodeSafetensors(benchmark.inputs)))
  const { reference, ready } = await Reference.start({
    ...commonOptions(options),
    python,
    part: benchmark.part,
    inputs: inputFile,
    output: outputFile,
  })
  return {
    pid: reference.pid,
    loadSeconds: Number(ready.load_seconds),
    versions: versionsOf(ready),
    step: async () => (await reference.step()).seconds,
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
