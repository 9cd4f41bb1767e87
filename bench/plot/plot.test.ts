// Plots are read back as text: where things lie, and that they can be drawn at all (draw.ts).

import { describe, expect, test } from 'vitest'
import { barPlot } from './bar-plot.ts'
import { draw } from './draw.ts'
import { type LinePlot, linePlot } from './line-plot.ts'
import { makeScale, tickText } from './scale.ts'

const PLOT: LinePlot = {
  title: 'Seconds & frames',
  description: 'Seconds against <frames>.',
  x: { label: 'frames', log: true },
  y: { label: 'seconds' },
  series: [
    {
      name: 'float32',
      points: [
        { x: 16, y: 3 },
        { x: 200, y: 40 },
        { x: 64, y: 12 },
      ],
    },
    { name: 'expected', like: 'float32', dashed: true, points: [{ x: 16, y: 3 }] },
    { name: 'int8', points: [{ x: 16, y: 1 }] },
  ],
}

describe('scales', () => {
  test('linear ones begin at 0 and end on a round value', () => {
    const { ticks, place } = makeScale([3, 41], { label: 's' }, 100, 200)
    expect(ticks).toEqual([0, 10, 20, 30, 40, 50])
    expect([place(0), place(25), place(50)]).toEqual([100, 150, 200])
  })

  test('logarithmic ones give equal ratios equal lengths', () => {
    const { ticks, place } = makeScale([16, 200], { label: 'frames', log: true }, 0, 100)
    expect(ticks).toEqual([10, 20, 50, 100, 200])
    expect(place(40) - place(20)).toBeCloseTo(place(200) - place(100))
    expect([place(10), place(200)]).toEqual([0, 100])
  })

  test.each([
    { values: [0], log: false, ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] },
    { values: [-1, 1], log: false, ticks: [-1, -0.5, 0, 0.5, 1] },
    { values: [10], log: true, ticks: [5, 10] },
    { values: [1e-4, 5], log: true, ticks: [1e-4, 1e-3, 1e-2, 0.1, 1, 10] },
  ])('$values', ({ values, log, ticks }) => {
    expect(makeScale(values, { label: 'x', log }, 0, 1).ticks.map(tickText)).toEqual(ticks.map(tickText))
  })

  test('values without a place are refused', () => {
    expect(() => makeScale([], { label: 'x' }, 0, 1)).toThrow('x: finite values are needed')
    expect(() => makeScale([Number.NaN], { label: 'x' }, 0, 1)).toThrow('x: finite values are needed')
    expect(() => makeScale([0, 1], { label: 'seconds', log: true }, 0, 1)).toThrow('seconds: 0 has no place on a logarithmic axis')
  })
})

describe('line plots', () => {
  const svg = linePlot(PLOT)

  test('have title, description, labels and every name, escaped', () => {
    expect(svg).toContain('<title id="title">Seconds &amp; frames</title><desc id="desc">Seconds against &lt;frames&gt;.</desc>')
    for (const text of ['>frames<', '>seconds<', '>float32<', '>expected<', '>int8<']) expect(svg).toContain(text)
  })

  test('join the points of a series from left to right, in its colour', () => {
    const paths = [...svg.matchAll(/<path class="line(\d)" d="([^"]+)" stroke-width="([\d.]+)"/g)]
    // Those of the legend come after the three series.
    expect(paths.map(([, color]) => color)).toEqual(['0', '0', '1', '0', '0', '1'])
    const xs = paths[0]![2]!.match(/[\d.]+(?= )/g)!.map(Number)
    expect(xs).toHaveLength(3)
    expect(xs).toEqual(xs.toSorted((a, b) => a - b))
  })

  test('a dashed series has no marks', () => {
    expect(svg.match(/<circle /g)).toHaveLength(3 + 1)
    expect(svg.match(/<polygon /g)).toHaveLength(1 + 1)
  })

  test('can be drawn, dark on light', async () => {
    const { data, info } = await draw(svg)
    expect(info.width).toBe(720)
    expect(data[0]).toBe(255)
    expect(data.some((value) => value < 80)).toBe(true)
  })
})

test('bars are as long as their parts, and their sum stands behind them', () => {
  const bars = [
    {
      name: 'kinora',
      parts: [
        { name: 'load', value: 1 },
        { name: 'steps', value: 2.5 },
      ],
    },
    { name: 'diffusers', parts: [{ name: 'steps', value: 7 }] },
  ]
  const svg = barPlot({ title: 'Phases', description: 'Seconds by phase.', x: { label: 'seconds' }, bars })
  const widths = [...svg.matchAll(/<rect class="fill(\d)" x="[\d.]+" y="[\d.]+" width="([\d.]+)" height="20"\/>/g)].map(
    ([, color, width]) => [color, Number(width)],
  )
  expect(widths.map(([color]) => color)).toEqual(['0', '1', '1'])
  expect(Number(widths[1]![1]) / Number(widths[0]![1])).toBeCloseTo(2.5, 1)
  expect(Number(widths[2]![1]) / Number(widths[0]![1])).toBeCloseTo(7, 1)
  for (const text of ['>3.50<', '>7.00<', '>load<', '>seconds<']) expect(svg).toContain(text)
})
