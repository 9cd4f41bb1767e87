// The kept results as Markdown tables, one a command, newest first. Each row says on which kind of CPU it
// was measured: neither times nor ratios carry over from one kind to another.

import type { GrowthPoint } from './growth.ts'
import { type Kept, ofCommand, setup } from './kept.ts'
import { cpuKind } from './machine.ts'
import type { WholeRun } from './phases.ts'
import type { BenchResult, ResultOf, StepResult } from './result.ts'
import { gib, markdownTable, ratio, seconds, type Table } from './table.ts'

type Row = readonly string[]

const NOTE = 'Made by `npm run bench -- report` from the JSON files beside it; changes here are lost.'

const WHERE = ['date', 'CPU', 'kinora']

/** A whole file. */
export function tables(kept: readonly Kept[]): string {
  const newest = kept.toReversed()
  const sections: [string, Table][] = [
    ['UNet step', stepTable(ofCommand(newest, 'unet'))],
    ['Decoding a frame', stepTable(ofCommand(newest, 'vae'))],
    ['Encoding two texts', stepTable(ofCommand(newest, 'text'))],
    ['A whole video, text to mp4', generateTable(ofCommand(newest, 'generate'))],
    ['Start', startupTable(ofCommand(newest, 'startup'))],
    ['Growth', growthTable(ofCommand(newest, 'growth'))],
  ]
  const shown = sections.filter(([, { rows }]) => rows.length > 0)
  return [`# Measured\n\n${NOTE}\n`, ...shown.map(([title, table]) => `## ${title}\n${markdownTable(table)}`)].join('\n')
}

function where(result: BenchResult): Row {
  return [result.date.slice(0, 10), cpuKind(result.machine), setup(result)]
}

function stepTable(results: readonly StepResult[]): Table {
  const head = [...WHERE, 'what', 's', 'min .. max', 'GFLOP/s', 'peak', 'diffusers', 's', 'peak', 'time', 'memory', 'differ by']
  const rows = results.map((result) => {
    const { title, options, kinora, reference, ratio: ratios, disagreement } = result
    const range =
      kinora && kinora.seconds.length > 0 ? `${seconds(Math.min(...kinora.seconds))} .. ${seconds(Math.max(...kinora.seconds))}` : '-'
    const ours = [seconds(kinora?.medianSeconds), range, kinora?.gflops.toFixed(0) ?? '-', gib(kinora?.peakBytes)]
    const theirs = [reference ? options.referenceDtype : '-', seconds(reference?.medianSeconds), gib(reference?.peakBytes)]
    const between = [ratio(ratios?.time), ratio(ratios?.memory), disagreement?.relative.toExponential(1) ?? '-']
    return [...where(result), title, ...ours, ...theirs, ...between]
  })
  return { head, rows }
}

function generateTable(results: readonly ResultOf<'generate'>[]): Table {
  const phases = ['start', 'text', 'load', 'denoising', 'decode', 'encode'] as const
  const head = [...WHERE, 'what', 'side', 'steps', 'guidance', ...phases, 'total s', 'measured', 'peak', 'time', 'memory']
  const sideRow = (side: string, run: WholeRun): string[] => {
    const { start, text, load, steps, decode, encode } = (run.extrapolated ?? run.measured).phases
    const measured = run.extrapolated ? `${run.measured.steps} steps, extrapolated` : 'all'
    const times = [start, text, load, steps, decode, encode, run.totalSeconds].map(seconds)
    return [side, `${run.steps}`, run.guidance > 1 ? `${run.guidance}` : 'none', ...times, measured, gib(run.peakBytes)]
  }
  const rows = results.flatMap((result) => {
    const { title, kinora, reference, ratio: ratios, options } = result
    const place = [...where(result), title]
    return [
      ...(kinora ? [[...place, ...sideRow('kinora', kinora), ratio(ratios?.time), ratio(ratios?.memory)]] : []),
      ...(reference ? [[...place, ...sideRow(`diffusers ${options.referenceDtype}`, reference), '', '']] : []),
    ]
  })
  return { head, rows }
}

function startupTable(results: readonly ResultOf<'startup'>[]): Table {
  const head = [
    ...WHERE,
    'to the first step',
    'until the prompt',
    'for the prompt',
    'for the UNet',
    'its graph',
    'its loading',
    'of one reading',
    'diffusers loads in',
  ]
  const rows = results.map((result) => {
    const { program, graphSeconds, loads, reference } = result
    const unet = loads?.find(({ part }) => part === 'unet')
    const times = [program?.totalSeconds, program?.start, program?.text, program?.load, graphSeconds, unet?.loadSeconds].map(seconds)
    return [...where(result), ...times, unet ? `${unet.ratio.toFixed(1)}x` : '-', seconds(reference?.totalSeconds)]
  })
  return { head, rows }
}

function growthTable(results: readonly ResultOf<'growth'>[]): Table {
  const head = [...WHERE, 'part', 'size', 'guidance', 'TFLOP', 's', 's/TFLOP', 'peak', 'estimate', 'diffusers s', 's/TFLOP', 'peak']
  const sideCells = (side: GrowthPoint['kinora']): Row => [
    seconds(side?.medianSeconds),
    seconds(side?.secondsPerTflop),
    gib(side?.peakBytes),
  ]
  const rows = results.flatMap((result) => {
    const guidance = result.options.guidance > 1 ? 'yes' : 'no'
    const place = ({ part, frames, height, width }: Omit<GrowthPoint, 'tflop' | 'estimatedBytes'>): Row =>
      part === 'unet' ? [part, `${frames}x${height}x${width}`, guidance] : [part, `${height}x${width}`, '-']
    const measured = result.points.map((point) => {
      const estimate = point.part === 'unet' ? gib(point.estimatedBytes) : '-'
      return [...place(point), seconds(point.tflop), ...sideCells(point.kinora), estimate, ...sideCells(point.reference)]
    })
    const skipped = result.skipped.map((left) => [
      ...place(left),
      '-',
      `left out: ${left.reason}`,
      '-',
      '-',
      gib(left.estimatedBytes),
      '-',
      '-',
      '-',
    ])
    return [...measured, ...skipped].map((row) => [...where(result), ...row])
  })
  return { head, rows }
}
