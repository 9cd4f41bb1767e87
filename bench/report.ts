// A benchmark's result as text for people: the machine, then a table, then the ratios.

import { cpuKind } from './machine.ts'
import type { SideResult } from './measure.ts'
import { formatGenerate, formatGrowth, formatStartup } from './report-runs.ts'
import type { BenchResult, StepResult } from './result.ts'
import { gib, ratio, seconds, textTable } from './table.ts'

/** Several lines, no trailing newline. */
export function formatResult(result: BenchResult): string {
  const { machine, options, title } = result
  const head = `${cpuKind(machine)}, ${gib(machine.memoryBytes)}\n${title}, ${options.dtype} weights`
  return `${head}\n${formatFigures(result)}`
}

function formatFigures(result: BenchResult): string {
  switch (result.command) {
    case 'generate':
      return formatGenerate(result)
    case 'growth':
      return formatGrowth(result)
    case 'startup':
      return formatStartup(result)
    default:
      return formatSteps(result)
  }
}

function formatSteps({ unit, options, tflopPerStep, kinora, reference, ratio: ratios, disagreement }: StepResult): string {
  const sides = [
    ...(kinora ? [sideRow(`kinora ${options.precision}`, kinora)] : []),
    ...(reference ? [sideRow(`diffusers ${options.referenceDtype}`, reference)] : []),
  ]
  const lines = [
    `${seconds(tflopPerStep)} TFLOP a ${unit}`,
    textTable({ head: ['', `s/${unit}`, 'min', 'max', 'GFLOP/s', 'first s', 'peak', 'private'], rows: sides }),
  ]
  if (ratios) lines.push(`kinora / diffusers: time ${ratio(ratios.time)}, peak memory ${ratio(ratios.memory)}`)
  if (disagreement)
    lines.push(
      `outputs differ by ${disagreement.relative.toExponential(1)} (RMS), at most ${disagreement.maxOverStd.toExponential(1)} of the deviation`,
    )
  return lines.join('\n')
}

function sideRow(name: string, side: SideResult): string[] {
  const measured = side.seconds.length > 0 ? side.seconds : [side.warmUpSeconds]
  const times = [side.medianSeconds, Math.min(...measured), Math.max(...measured)].map(seconds)
  return [name, ...times, side.gflops.toFixed(0), seconds(side.firstSeconds), gib(side.peakBytes), gib(side.privateBytes)]
}
