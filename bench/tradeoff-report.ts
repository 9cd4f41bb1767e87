// The table and the curves of what bench/tradeoff.ts measured: each setting's share of the arithmetic, of the time, and
// its error, over the prompts that all settings have. Curves are written for `npm run bench -- report`, which draws them.
//
//   node --conditions=kinora-dev bench/tradeoff-report.ts FILE docs/performance/DATE-tradeoff

import { readFileSync, writeFileSync } from 'node:fs'
import type { Curve } from './kept.ts'
import type { Machine } from './machine.ts'
import { median } from './statistics.ts'
import { markdownTable } from './table.ts'
import { type Setting, settingsOf, workOf } from './tradeoff-settings.ts'

const FULL_SIZE = JSON.parse(
  readFileSync(new URL('../packages/kinora/test/fixtures/full-size/unet.shapes.json', import.meta.url), 'utf8'),
) as Record<string, number[]>

/** One setting's result for one prompt. */
export interface TradeoffRun {
  /** Of the full run. */
  steps: number
  group: Setting['group']
  label: string
  prompt: string
  /** Share of the full run's UNet arithmetic. */
  work: number
  /** Of the frames, in dB. */
  psnr: number
  /** RMS error of the latents over their RMS. */
  latentError: number
  /** Seconds of the denoising loop over those of the full run; absent where the machine was not ours alone. */
  timeRatio?: number
}

export interface Tradeoff {
  /** The day, as in 2026-11-21. */
  date: string
  machine: Machine
  size: { frames: number; height: number; width: number; guidanceScale: number }
  runs: TradeoffRun[]
}

interface Point {
  group: Setting['group']
  label: string
  prompts: number
  work: number
  /** The share that the same evaluations have in the 1.7-billion-parameter model, whose outer layers weigh less. */
  fullSizeWork: number
  timeRatio: number | undefined
  psnr: number
  worst: number
  latentError: number
}

if (import.meta.main) {
  const [file, prefix] = process.argv.slice(2)
  if (file === undefined || prefix === undefined) throw new Error('give the JSON file that bench/tradeoff.ts wrote, and where curves begin')
  const result = JSON.parse(readFileSync(file, 'utf8')) as Tradeoff
  for (const steps of new Set(result.runs.map((run) => run.steps))) {
    const runs = result.runs.filter((run) => run.steps === steps)
    const points = pointsOf(runs.filter(({ prompt }) => isComplete(runs, prompt)))
    writeFileSync(`${prefix}-${steps}.json`, `${JSON.stringify({ ...curveOf(result, steps, points), ...result, runs }, null, 1)}\n`)
    console.log(`${titleOf(result, steps)}\n\n${table(points)}`)
  }
}

/** Every setting has been measured with this prompt. */
function isComplete(runs: readonly TradeoffRun[], prompt: string): boolean {
  const labels = (some: readonly TradeoffRun[]) => new Set(some.map(({ group, label }) => `${group}/${label}`)).size
  return labels(runs.filter((run) => run.prompt === prompt)) === labels(runs)
}

function titleOf({ size: { guidanceScale, frames, width, height } }: Tradeoff, steps: number): string {
  return `Fewer evaluations: demo model, ${steps} steps, guidance ${guidanceScale}, ${frames} frames of ${width}x${height}`
}

function pointsOf(runs: readonly TradeoffRun[]): Point[] {
  const bySetting = Map.groupBy(runs, ({ group, label }) => `${group}/${label}`)
  return [...bySetting.values()].map((own) => {
    const { group, label, work, steps } = own[0]!
    const setting = settingsOf(steps).find((known) => known.group === group && known.label === label)!
    const fullSizeWork = workOf(setting, steps, FULL_SIZE, { batch: 2, frames: 16, height: 32, width: 32, tokens: 77 })
    const times = own.flatMap(({ timeRatio }) => (timeRatio === undefined ? [] : [timeRatio]))
    const decibels = own.map(({ psnr }) => psnr)
    return {
      group,
      label,
      prompts: own.length,
      work,
      fullSizeWork,
      timeRatio: times.length === 0 ? undefined : median(times),
      psnr: mean(decibels),
      worst: Math.min(...decibels),
      latentError: mean(own.map((run) => run.latentError)),
    }
  })
}

function table(points: readonly Point[]): string {
  const rows = points.map(({ group, label, prompts, work, fullSizeWork, timeRatio, psnr, worst, latentError }) => {
    const shares = [work, fullSizeWork, timeRatio].map((share) => share?.toFixed(2) ?? '-')
    return [group, label, String(prompts), ...shares, psnr.toFixed(1), worst.toFixed(1), latentError.toFixed(3)]
  })
  return markdownTable({
    head: ['way', 'setting', 'prompts', 'arithmetic', 'full size', 'time', 'PSNR dB', 'worst dB', 'latent error'],
    rows,
  })
}

/** Error against arithmetic, a line for each way. */
function curveOf(result: Tradeoff, steps: number, points: readonly Point[]): Curve {
  const lines = Map.groupBy(points, ({ group, label }) => (group === 'cached features' ? label.replace(/^.*, /, 'cached, ') : group))
  return {
    command: 'curve',
    date: result.date,
    title: titleOf(result, steps),
    description: `PSNR of the frames to the full run against the share of its UNet arithmetic, mean of ${points[0]?.prompts ?? 0} prompts.`,
    x: { label: "share of the full run's UNet arithmetic" },
    y: { label: 'PSNR of the frames to the full run, dB' },
    series: [...lines].map(([name, own]) => ({ name, points: own.map(({ work, psnr }) => ({ x: work, y: psnr })) })),
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
