// The results of `generate`, `growth` and `startup` as text for people.

import type { GenerateFigures } from './generate.ts'
import type { GrowthFigures, GrowthPoint } from './growth.ts'
import { PHASES, type Phases, type WholeRun } from './phases.ts'
import type { StartupFigures } from './startup.ts'
import { startupRows } from './startup-rows.ts'
import { gib, ratio, seconds, textTable } from './table.ts'

export function formatGenerate({ kinora, reference, ratio: ratios }: GenerateFigures): string {
  const rows = [...(kinora ? runRows('kinora', kinora) : []), ...(reference ? runRows('diffusers', reference) : [])]
  const table = textTable({
    head: ['seconds', 'steps', ...PHASES.map((name) => (name === 'steps' ? 'denoising' : name)), 'total', 'peak'],
    rows,
  })
  if (!ratios) return table
  const guess = kinora?.extrapolated || reference?.extrapolated ? ', extrapolated' : ''
  return `${table}\nkinora / diffusers${guess}: time ${ratio(ratios.time)} (1/${(1 / ratios.time).toFixed(1)}), peak memory ${ratio(ratios.memory)}`
}

function runRows(side: string, { guidance, measured, extrapolated, peakBytes }: WholeRun): string[][] {
  const name = `${side}, ${guidance > 1 ? `guidance ${guidance}` : 'no guidance'}`
  const cells = (steps: number, phases: Phases, total: number): string[] => [
    `${steps}`,
    ...PHASES.map((phase) => seconds(phases[phase])),
    seconds(total),
    gib(peakBytes),
  ]
  return [
    [`${name}, measured`, ...cells(measured.steps, measured.phases, measured.totalSeconds)],
    ...(extrapolated ? [[`${name}, extrapolated`, ...cells(extrapolated.steps, extrapolated.phases, extrapolated.totalSeconds)]] : []),
  ]
}

export function formatGrowth({ points, skipped }: GrowthFigures): string {
  const head = ['', 'TFLOP', 's', 's/TFLOP', 'peak', 'estimate', 'diffusers s', 's/TFLOP', 'peak']
  const left = skipped.map((place) => `${nameOf(place)} left out: ${place.reason}`)
  return [textTable({ head, rows: points.map(pointRow) }), ...left].join('\n')
}

function pointRow(point: GrowthPoint): string[] {
  const { kinora, reference, tflop, estimatedBytes } = point
  const side = (measured: GrowthPoint['kinora']): string[] => [
    seconds(measured?.medianSeconds),
    seconds(measured?.secondsPerTflop),
    gib(measured?.peakBytes),
  ]
  return [nameOf(point), seconds(tflop), ...side(kinora), gib(point.part === 'unet' ? estimatedBytes : undefined), ...side(reference)]
}

function nameOf({ part, frames, height, width }: Omit<GrowthPoint, 'tflop' | 'estimatedBytes'>): string {
  return part === 'unet' ? `unet ${frames}x${height}x${width}` : `vae ${height}x${width}`
}

export function formatStartup(figures: StartupFigures): string {
  const { program, graphSeconds, loads = [], reference } = figures
  const lines = [textTable({ head: ['phase', 'seconds'], rows: startupRows(figures).map(({ name, seconds: s }) => [name, seconds(s)]) })]
  if (program) {
    const { start, text, load, totalSeconds } = program
    const parts = `${seconds(start)} until the prompt, ${seconds(text)} for it, ${seconds(load)} for the UNet`
    lines.push(`kinora generate itself, from outside: ${seconds(totalSeconds)} s to its first step (${parts})`)
  }
  if (graphSeconds !== undefined) lines.push(`graph of the UNet: ${seconds(graphSeconds)} s (bar 0.5 s)`)
  for (const { part, loadSeconds, reading, ratio: times } of loads) {
    const read = `${seconds(reading.secondSeconds)} s (a second time, from memory where it fits; the first time ${seconds(reading.firstSeconds)} s)`
    lines.push(`${part}: loaded in ${seconds(loadSeconds)} s, ${times.toFixed(1)}x of reading its ${gib(reading.bytes)} once: ${read}`)
  }
  if (reference) {
    const { importSeconds, loadSeconds, totalSeconds } = reference
    lines.push(
      `diffusers: ${seconds(totalSeconds)} s until all parts are loaded (import ${seconds(importSeconds)}, load ${seconds(loadSeconds)})`,
    )
  }
  return lines.join('\n')
}
