// Runs a benchmark: both sides step in turn, so that they see the same state of the machine. Each
// side's first step is warm-up and left out of the times.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Benchmark, BenchOptions, SideName } from './benchmark.ts'
import { describeMachine, type Memory, watchMemory } from './machine.ts'
import { openKinora, openReference, type Side } from './sides.ts'
import { disagreement, median } from './statistics.ts'

export interface SideResult {
  /** From the start to the first output: loading and the warm-up step. */
  firstSeconds: number
  seconds: number[]
  medianSeconds: number
  gflops: number
  peakBytes: number
  privateBytes: number
}

export interface BenchResult {
  title: string
  unit: string
  machine: ReturnType<typeof describeMachine>
  options: BenchOptions
  tflopPerStep: number
  kinora?: SideResult
  reference?: SideResult
  ratio?: { time: number; memory: number }
  disagreement?: ReturnType<typeof disagreement>
}

/** Measures; `log` gets a line a step. */
export async function measure(benchmark: Benchmark, options: BenchOptions, log: (line: string) => void): Promise<BenchResult> {
  const { title, unit, flops } = benchmark
  const machine = describeMachine()
  if (machine.load > 0.5) log(`load average ${machine.load.toFixed(1)}: other work shares this machine, times will be too long`)
  const folder = mkdtempSync(join(tmpdir(), 'kinora-bench-'))
  const sides = new Map<SideName, Side>()
  try {
    if (options.only !== 'reference') sides.set('kinora', await openKinora(options, benchmark))
    if (options.only !== 'kinora' && options.reference)
      sides.set('reference', await openReference(options, benchmark, options.reference, folder))
    const watches = new Map([...sides].map(([name, side]) => [name, watchMemory(side.pid)]))
    const seconds = await alternate(sides, options.steps ?? benchmark.steps, log)
    const result: BenchResult = { title, unit, machine, options, tflopPerStep: flops / 1e12 }
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
async function compare(result: BenchResult, sides: ReadonlyMap<SideName, Side>): Promise<Partial<BenchResult>> {
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
