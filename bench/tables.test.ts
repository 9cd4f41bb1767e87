// Tables and plots of small made-up results, as they would lie in docs/performance.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { GrowthPoint } from './growth.ts'
import { readKept } from './kept.ts'
import { parseOptions } from './options.ts'
import type { WholeRun } from './phases.ts'
import { draw } from './plot/draw.ts'
import { formatResult } from './report.ts'
import { type BenchResult, circumstances, writeResult } from './result.ts'
import { writeReport } from './write-report.ts'

const GIB = 2 ** 30
const folder = mkdtempSync(join(tmpdir(), 'kinora-kept-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const machine = { cpu: 'AMD EPYC', flags: ['avx2'], cores: 2, memoryBytes: 24 * GIB, load: 0 }

function around(command: BenchResult['command'], day: number) {
  const { options } = parseOptions(command, ['--checkpoint', '/somewhere/of-mine', '--reference', '/usr/bin/of-mine/python'])
  return { ...circumstances(options), machine, date: `2026-11-0${day}T10:00:00.000Z` }
}

function side(seconds: number, peak: number) {
  const common = { firstSeconds: 20, warmUpSeconds: seconds, seconds: [seconds, seconds * 1.1], medianSeconds: seconds * 1.05 }
  return { ...common, gflops: 170, peakBytes: peak * GIB, privateBytes: GIB }
}

function run(each: number, steps: number): WholeRun {
  const phases = { start: 1, text: 3, load: 20, steps: 2 * each, decode: 60, encode: 1 }
  const measured = { steps: 2, stepSeconds: [each, each], phases, totalSeconds: 85 + 2 * each }
  const extrapolated = { steps, phases: { ...phases, steps: steps * each }, totalSeconds: 85 + steps * each }
  return { steps, guidance: 9, measured, extrapolated, totalSeconds: extrapolated.totalSeconds, peakBytes: 7 * GIB, privateBytes: GIB }
}

function point(frames: number, size: number): GrowthPoint {
  const tflop = (frames * size * size) / 1e5
  const kinora = { medianSeconds: tflop * 6, secondsPerTflop: 6, firstSeconds: 3, peakBytes: (5 + tflop / 10) * GIB, privateBytes: GIB }
  return { part: 'unet', frames, height: size, width: size, tflop, estimatedBytes: (5 + tflop / 9) * GIB, kinora }
}

const step = { title: 'UNet step', unit: 'step', tflopPerStep: 9.65 }
const disagreement = { relative: 2e-6, maxOverStd: 1e-5 }
const inside = {
  nodeSeconds: 0.05,
  importSeconds: 0.4,
  openSeconds: 0.3,
  totalSeconds: 30,
  spans: [{ slot: 'unet', work: 'build' as const, seconds: 0.2 }],
}
const reading = { bytes: 5 * GIB, firstSeconds: 9, secondSeconds: 2 }

const RESULTS: Record<string, BenchResult> = {
  older: { command: 'unet', ...around('unet', 1), ...step, kinora: side(50, 7) },
  newer: {
    command: 'unet',
    ...around('unet', 2),
    ...step,
    kinora: side(40, 4),
    reference: side(60, 7),
    disagreement,
    ratio: { time: 40 / 60, memory: 4 / 7 },
  },
  whole: {
    command: 'generate',
    ...around('generate', 2),
    title: 'text to mp4',
    kinora: run(40, 25),
    reference: run(60, 25),
    ratio: { time: 0.68, memory: 1 },
  },
  start: {
    command: 'startup',
    ...around('startup', 2),
    title: 'start',
    inside,
    graphSeconds: 0.2,
    loads: [{ part: 'unet', loadSeconds: 22, reading, ratio: 11 }],
  },
  growth: {
    command: 'growth',
    ...around('growth', 2),
    title: 'growth',
    points: [point(16, 256), point(64, 256), point(16, 512)],
    skipped: [{ part: 'unet', frames: 200, height: 576, width: 1024, estimatedBytes: 99 * GIB, reason: 'it takes about 99 GiB' }],
  },
}

const CURVE = {
  command: 'curve',
  date: '2026-11-03',
  title: 'Error against steps',
  description: 'Error.',
  x: { label: 'steps' },
  y: { label: 'dB' },
  series: [{ name: 'reuse', points: [{ x: 1, y: 30 }] }],
}

beforeAll(() => {
  for (const [name, result] of Object.entries(RESULTS))
    writeResult(result, { json: join(folder, `${result.date.slice(0, 10)}-${name}.json`) })
  writeFileSync(join(folder, '2026-11-03-reuse.json'), JSON.stringify(CURVE))
})

test('no path of the machine is kept', () => {
  for (const name of readdirSync(folder)) expect(readFileSync(join(folder, name), 'utf8')).not.toMatch(/somewhere|python/)
})

test('results are read oldest first, and what is none is refused by name', () => {
  expect(readKept(folder).map(({ date }) => date.slice(0, 10))).toEqual([
    '2026-11-01',
    ...Array.from({ length: 4 }, () => '2026-11-02'),
    '2026-11-03',
  ])
  const other = mkdtempSync(join(tmpdir(), 'kinora-kept-'))
  writeFileSync(join(other, 'x.json'), '{"date":"2026"}')
  expect(() => readKept(other)).toThrow(/x\.json is no result: .*unet, vae, text, generate, growth, startup or curve/)
  rmSync(other, { recursive: true })
})

test('the report has a table for each command and plots that can be drawn', async () => {
  const written = writeReport(folder).map((path) => path.slice(folder.length + 1))
  expect(written).toEqual([
    'tables.md',
    'phases.svg',
    'startup.svg',
    'growth-seconds.svg',
    'growth-rate.svg',
    'growth-memory.svg',
    '2026-11-03-reuse.svg',
  ])
  for (const name of written.slice(1)) expect((await draw(readFileSync(join(folder, name), 'utf8'))).info.width).toBe(720)
  const lines = readFileSync(join(folder, 'tables.md'), 'utf8').split('\n')
  const rows = lines.filter((line) => line.includes('UNet step |'))
  expect(rows[0]).toBe(
    '| 2026-11-02 | AMD EPYC, 2 cores, AVX2 | float32 | UNet step | 42.0 | 40.0 .. 44.0 | 170 | 4.00 GiB | float32 | 63.0 | 7.00 GiB | 0.667 | 0.571 | 2.0e-6 |',
  )
  expect(rows[1]).toContain('| 2026-11-01 |')
  expect(lines.filter((line) => line.startsWith('| 20')).every((line) => line.includes('AMD EPYC, 2 cores, AVX2'))).toBe(true)
  const columns = (line: string): number => line.split(' | ').length
  for (const [i, line] of lines.entries())
    if (line.startsWith('| 20') && lines[i - 1]?.startsWith('|')) expect(columns(line)).toBe(columns(lines[i - 1]!))
  expect(lines.join()).toContain('left out: it takes about 99 GiB')
})

test('seconds per TFLOP that stay the same lie on the line of the arithmetic', () => {
  writeReport(folder)
  const svg = readFileSync(join(folder, 'growth-seconds.svg'), 'utf8')
  const paths = [...svg.matchAll(/<path class="line(\d)" d="([^"]+)"/g)].map(([, color, d]) => ({ color, d }))
  // Two directions, then what is expected of each.
  expect(paths.slice(2, 4)).toEqual(paths.slice(0, 2))
})

test.each(Object.entries(RESULTS))('%s as text', (_, result) => {
  const text = formatResult(result)
  expect(text.split('\n')[0]).toBe('AMD EPYC, 2 cores, AVX2, 24.00 GiB')
  expect(text).not.toMatch(/undefined|NaN/)
})
