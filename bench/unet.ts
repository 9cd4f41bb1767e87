// `bench unet`: steps of the full-size UNet with guidance, ours and diffusers' in turn on the same
// weights and inputs. The first step of each side is warm-up and serves to compare their outputs.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Generator, randn } from '../packages/kinora/src/tensor/random.ts'
import { encodeSafetensors } from '../packages/kinora/src/tensor/safetensors.ts'
import { tensor } from '../packages/kinora/src/tensor/tensor.ts'
import { expectTensor, readSafetensors } from '../packages/kinora/test/support/safetensors.ts'
import { totalFlops, unetFlops } from './flops.ts'
import { fullSizeShapes, UNET_CONFIG } from './full-size.ts'
import { type BenchUNet, openUNet, type UNetInputs } from './kinora-unet.ts'
import { describeMachine, type Memory, watchMemory } from './machine.ts'
import { Reference } from './reference.ts'
import { disagreement, median } from './statistics.ts'

export interface UNetBenchOptions {
  checkpoint: string
  dtype: 'float32' | 'float16'
  precision: string
  frames: number
  /** Pixels. */
  height: number
  width: number
  steps: number
  threads?: number
  /** Python interpreter with diffusers. */
  reference?: string
  referenceDtype: string
  /** Leaves out one side. */
  only?: SideName
}

export interface SideResult {
  /** From the start to the first output: loading and the warm-up step. */
  firstSeconds: number
  seconds: number[]
  medianSeconds: number
  gflops: number
  peakBytes: number
  privateBytes: number
}

export interface UNetBenchResult {
  machine: ReturnType<typeof describeMachine>
  options: UNetBenchOptions
  tflopPerStep: number
  kinora?: SideResult
  reference?: SideResult
  ratio?: { time: number; memory: number }
  disagreement?: { maxOverStd: number; relative: number }
}

const BATCH = 2
const TOKENS = 77
const TIMESTEP = 981

type SideName = 'kinora' | 'reference'

/** One side of the comparison: runs a step and answers its seconds. */
interface Side {
  pid: number
  loadSeconds: number
  step(): Promise<number>
  output(): Promise<Float32Array>
  stop(): Promise<void>
}

/** Measures; the sides run in turn so that both see the same state of the machine. */
export async function benchUNet(options: UNetBenchOptions, log: (line: string) => void): Promise<UNetBenchResult> {
  const size = { batch: BATCH, frames: options.frames, height: options.height / 8, width: options.width / 8, tokens: TOKENS }
  const flops = totalFlops(unetFlops(fullSizeShapes('unet'), size))
  const machine = describeMachine()
  if (machine.load > 0.5) log(`load average ${machine.load.toFixed(1)}: other work shares this machine, times will be too long`)
  const folder = mkdtempSync(join(tmpdir(), 'kinora-bench-'))
  const sides = new Map<SideName, Side>()
  try {
    const inputs = drawInputs(size.frames, size.height, size.width)
    if (options.only !== 'reference') sides.set('kinora', await openKinora(options, inputs))
    if (options.only !== 'kinora' && options.reference)
      sides.set('reference', await openReference(options, options.reference, inputs, folder))
    const watches = new Map([...sides].map(([name, side]) => [name, watchMemory(side.pid)]))
    const seconds = await alternate(sides, options.steps, log)
    const result: UNetBenchResult = { machine, options, tflopPerStep: flops / 1e12 }
    for (const [name, side] of sides) result[name] = summarize(side, seconds.get(name) ?? [], flops, watches.get(name)?.stop())
    return { ...result, ...(await compare(result, sides)) }
  } finally {
    await Promise.all([...sides.values()].map((side) => side.stop()))
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Seconds of each side's warm-up and measured steps, in this order. */
async function alternate(sides: ReadonlyMap<SideName, Side>, steps: number, log: (line: string) => void): Promise<Map<SideName, number[]>> {
  const seconds = new Map([...sides.keys()].map((name): [SideName, number[]] => [name, []]))
  for (let step = 0; step <= steps; step++) {
    for (const [name, side] of sides) {
      const taken = await side.step()
      log(`${name} ${step === 0 ? 'warm-up' : `step ${step}/${steps}`}: ${taken.toFixed(2)} s`)
      seconds.get(name)?.push(taken)
    }
  }
  return seconds
}

/** Ratios and the outputs' disagreement; nothing when one side is left out. */
async function compare(result: UNetBenchResult, sides: ReadonlyMap<SideName, Side>): Promise<Partial<UNetBenchResult>> {
  const { kinora, reference } = result
  if (!kinora || !reference) return {}
  const ratio = { time: kinora.medianSeconds / reference.medianSeconds, memory: kinora.peakBytes / reference.peakBytes }
  const [ours, theirs] = await Promise.all([sides.get('kinora')?.output(), sides.get('reference')?.output()])
  return { ratio, ...(ours && theirs && { disagreement: disagreement(ours, theirs) }) }
}

function summarize(
  side: Side,
  [warmUp = Number.NaN, ...seconds]: number[],
  flops: number,
  memory: Memory = { peak: 0, resident: 0, private: 0 },
): SideResult {
  const medianSeconds = median(seconds)
  return {
    firstSeconds: side.loadSeconds + warmUp,
    seconds,
    medianSeconds,
    gflops: flops / medianSeconds / 1e9,
    peakBytes: memory.peak,
    privateBytes: memory.private,
  }
}

/** The guidance pair shares its latents and differs in the prompt, as in a generation. */
function drawInputs(frames: number, height: number, width: number): UNetInputs {
  const generator = new Generator(0)
  const latents = randn([1, UNET_CONFIG.in_channels, frames, height, width], generator).data
  const sample = new Float32Array(BATCH * latents.length)
  for (let row = 0; row < BATCH; row++) sample.set(latents, row * latents.length)
  const encoderHiddenStates = randn([BATCH, TOKENS, UNET_CONFIG.cross_attention_dim], generator).data
  return { sample, timestep: TIMESTEP, encoderHiddenStates }
}

async function openKinora(options: UNetBenchOptions, inputs: UNetInputs): Promise<Side> {
  const { checkpoint, dtype, precision, frames, height, width, threads } = options
  const start = performance.now()
  const unet: BenchUNet = await openUNet({
    checkpoint,
    precision,
    batch: BATCH,
    frames,
    height: height / 8,
    width: width / 8,
    ...(dtype === 'float16' && { variant: 'fp16' }),
    ...(threads && { threads }),
  })
  let output = new Float32Array()
  return {
    pid: unet.pid,
    loadSeconds: (performance.now() - start) / 1000,
    async step() {
      const begin = performance.now()
      output = new Float32Array(await unet.step(inputs))
      return (performance.now() - begin) / 1000
    },
    output: () => Promise.resolve(output),
    stop: () => unet.dispose(),
  }
}

async function openReference(options: UNetBenchOptions, python: string, inputs: UNetInputs, folder: string): Promise<Side> {
  const { checkpoint, dtype, referenceDtype, frames, height, width, threads } = options
  const [inputFile, outputFile] = [join(folder, 'inputs.safetensors'), join(folder, 'output.safetensors')]
  const chunks = encodeSafetensors({
    sample: tensor('float32', [BATCH, UNET_CONFIG.in_channels, frames, height / 8, width / 8], inputs.sample),
    timestep: tensor('float32', [BATCH], new Float32Array(BATCH).fill(inputs.timestep)),
    encoder_hidden_states: tensor('float32', [BATCH, TOKENS, UNET_CONFIG.cross_attention_dim], inputs.encoderHiddenStates),
  })
  writeFileSync(inputFile, Buffer.concat(chunks))
  const { reference, ready } = await Reference.start({
    python,
    checkpoint,
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
