// Runs a stepwise benchmark: both sides step in turn, so that they see the same state of the machine.
// Each side's first step is warm-up and left out of the times.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Benchmark } from './benchmark.ts'
import { type Memory, watchMemory } from './machine.ts'
import type { BenchOptions, SideName } from './options.ts'
import { openKinora, openReference, type Side } from './sides.ts'
import { disagreement, median } from './statistics.ts'

export interface SideResult {
  /** From the start to the first output: loading and the warm-up step. */
  firstSeconds: number
  /** Without loading. */
  warmUpSeconds: number
  seconds: number[]
  /** Of the measured steps; the warm-up where no other was asked for. */
  medianSeconds: number
  gflops: number
  peakBytes: number
  privateBytes: number
}

export interface StepFigures {
  title: string
  unit: string
  tflopPerStep: number
  kinora?: SideResult
  reference?: SideResult
  ratio?: { time: number; memory: number }
  disagreement?: ReturnType<typeof disagreement>
}

export type Log = (line: string) => void

export interface Measured {
  figures: StepFigures
  versions: Readonly<Record<string, string>>
}

/** Measures; `log` gets a line a step. */
export async function measure(benchmark: Benchmark, options: BenchOptions, log: Log): Promise<Measured> {
  const { title, unit, flops } = benchmark
  const folder = mkdtempSync(join(tmpdir(), 'kinora-bench-'))
  const sides = new Map<SideName, Side>()
  try {
    if (options.only !== 'reference') sides.set('kinora', await openKinora(options, benchmark))
    if (options.only !== 'kinora' && options.reference)
      sides.set('reference', await openReference(options, benchmark, options.reference, folder))
    const watches = new Map([...sides].map(([name, side]) => [name, watchMemory(() => side.pid)]))
    const seconds = await alternate(sides, options.steps ?? benchmark.steps, log)
    const figures: StepFigures = { title, unit, tflopPerStep: flops / 1e12 }
    for (const [name, side] of sides) figures[name] = summarize(side, seconds.get(name) ?? [], flops, watches.get(name)?.stop())
    const versions = Object.assign({}, ...[...sides.values()].map((side) => side.versions)) as Record<string, string>
    return { figures: { ...figures, ...(await compare(figures, sides)) }, versions }
  } finally {
    await Promise.all([...sides.values()].map((side) => side.stop()))
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Seconds of each side's warm-up and measured steps, in this order. */
async function alternate(sides: ReadonlyMap<SideName, Side>, steps: number, log: Log): Promise<Map<SideName, number[]>> {
  const seconds = new Map([...sides.keys()].map((name): [SideName, number[]] => [name, []]))
  for (let step = 0; step <= steps; step++) {
    for (const [name, side] of sides) {
      const taken = await side.step()
      const loading = step === 0 ? `, ${side.loadSeconds.toFixed(2)} s of loading` : ''
      log(`${name} ${step === 0 ? 'warm-up' : `step ${step}/${steps}`}: ${taken.toFixed(2)} s${loading}`)
      seconds.get(name)?.push(taken)
    }
  }
  return seconds
}

/** Ratios and the outputs' disagreement; nothing when one side is left out. */
async function compare(figures: StepFigures, sides: ReadonlyMap<SideName, Side>): Promise<Partial<StepFigures>> {
  const { kinora, reference } = figures
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
  const medianSeconds = seconds.length > 0 ? median(seconds) : warmUp
  return {
    firstSeconds: side.loadSeconds + warmUp,
    warmUpSeconds: warmUp,
    seconds,
    medianSeconds,
    gflops: flops / medianSeconds / 1e9,
    peakBytes: memory.peak,
    privateBytes: memory.private,
  }
}
