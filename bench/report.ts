// A benchmark's result as text for people: the machine, one row a side, the ratios.

import type { BenchResult, SideResult } from './measure.ts'

/** Several lines, no trailing newline. */
export function formatResult(result: BenchResult): string {
  const { title, unit, machine, options, tflopPerStep, kinora, reference, ratio, disagreement } = result
  const lines = [
    `${machine.cpu}, ${machine.cores} cores, ${gib(machine.memoryBytes)}, ${machine.flags.join(' ') || 'no vector flags known'}`,
    `${title}, ${options.dtype} weights: ${tflopPerStep.toFixed(2)} TFLOP a ${unit}`,
    row('', `s/${unit}`, 'min', 'max', 'GFLOP/s', 'first s', 'peak', 'private'),
  ]
  if (kinora) lines.push(sideRow(`kinora ${options.precision}`, kinora))
  if (reference) lines.push(sideRow(`diffusers ${options.referenceDtype}`, reference))
  if (ratio) lines.push(`kinora / diffusers: time ${ratio.time.toFixed(3)}, peak memory ${ratio.memory.toFixed(3)}`)
  if (disagreement)
    lines.push(
      `outputs differ by ${disagreement.relative.toExponential(1)} (RMS), at most ${disagreement.maxOverStd.toExponential(1)} of the deviation`,
    )
  return lines.join('\n')
}

function sideRow(name: string, side: SideResult): string {
  const seconds = [side.medianSeconds, Math.min(...side.seconds), Math.max(...side.seconds)].map((value) => value.toFixed(2))
  return row(name, ...seconds, side.gflops.toFixed(0), side.firstSeconds.toFixed(1), gib(side.peakBytes), gib(side.privateBytes))
}

function row(name: string, ...cells: string[]): string {
  return name.padEnd(20) + cells.map((cell) => cell.padStart(11)).join('')
}

function gib(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(2)} GiB`
}
