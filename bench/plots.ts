// The kept results as plots: file names and what is in them. Of each kind of CPU, precision and device the
// last result is shown.

import { growthPlots } from './growth-plots.ts'
import { type Curve, type Kept, kindOf, latest, ofCommand, setup } from './kept.ts'
import { cpuKind } from './machine.ts'
import { PHASES, type WholeRun } from './phases.ts'
import { type Bar, barPlot } from './plot/bar-plot.ts'
import { linePlot } from './plot/line-plot.ts'
import type { ResultOf } from './result.ts'
import { startupRows } from './startup-rows.ts'

/** File name -> SVG. */
export function plots(kept: readonly Kept[]): Map<string, string> {
  const files = new Map<string, string>([...phasesPlot(ofCommand(kept, 'generate')), ...startupPlot(ofCommand(kept, 'startup'))])
  for (const [name, plot] of growthPlots(ofCommand(kept, 'growth'))) files.set(`${name}.svg`, linePlot(plot))
  for (const curve of kept.filter(isCurve)) files.set(`${curve.name}.svg`, linePlot(curve))
  return files
}

function isCurve(kept: Kept): kept is Curve & { name: string } {
  return kept.command === 'curve'
}

function phasesPlot(results: readonly ResultOf<'generate'>[]): [string, string][] {
  const shown = latest(results, kindOf)
  if (shown.length === 0) return []
  const bars = shown.flatMap((result) => {
    const { kinora, reference, options } = result
    return [
      ...(kinora ? [runBar(`kinora ${setup(result)}`, kinora)] : []),
      ...(reference ? [runBar(`diffusers ${options.referenceDtype}`, reference)] : []),
    ]
  })
  const where = [...new Set(shown.map(({ machine, title }) => `${title} on ${cpuKind(machine)}`))].join('; ')
  const description = `Seconds by phase: ${where}. Runs of which not every step was measured are marked with a star.`
  return [['phases.svg', barPlot({ title: 'A whole video, by phase', description, x: { label: 'seconds (* extrapolated)' }, bars })]]
}

function runBar(side: string, { extrapolated, measured, steps, guidance }: WholeRun): Bar {
  const { phases } = extrapolated ?? measured
  const name = `${side}, ${steps} ${guidance > 1 ? 'guided ' : ''}steps${extrapolated ? '*' : ''}`
  return { name, parts: PHASES.map((phase) => ({ name: phase === 'steps' ? 'denoising' : phase, value: phases[phase] ?? 0 })) }
}

/** Of the last result alone: its phases are many. */
function startupPlot(results: readonly ResultOf<'startup'>[]): [string, string][] {
  const result = results.at(-1)
  const rows = result ? startupRows(result) : []
  if (!result || rows.length === 0) return []
  const bars = rows.map(({ name, seconds }) => ({ name, parts: [{ name: 'seconds', value: Math.max(0, seconds) }] }))
  const description = `Seconds from the start of the process to the first step, ${setup(result)} on ${cpuKind(result.machine)}.`
  return [['startup.svg', barPlot({ title: 'From start to first step', description, x: { label: 'seconds' }, bars })]]
}
