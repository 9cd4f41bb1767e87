// Horizontal bars as SVG, each made of parts: where the time of a run goes, one run under the other.

import { type LegendEntry, legend } from './legend.ts'
import { type Axis, makeScale, tickText } from './scale.ts'
import { COLOR_COUNT, type Described, element, label, picture } from './svg.ts'

export interface Bar {
  name: string
  parts: readonly { name: string; value: number }[]
}

export interface BarPlot extends Described {
  x: Axis
  bars: readonly Bar[]
}

const WIDTH = 720
const TOP = 44
const [ROW, THICK] = [34, 20]
/** Of one letter, about. */
const LETTER = 6.8

/** Parts of one name have one colour; the sum stands behind each bar. Throws RangeError without bars. */
export function barPlot(plot: BarPlot): string {
  const { bars } = plot
  const names = [...new Set(bars.flatMap(({ parts }) => parts.map(({ name }) => name)))]
  const left = Math.min(330, 24 + LETTER * Math.max(...bars.map(({ name }) => name.length)))
  const [right, bottom] = [WIDTH - 70, TOP + ROW * bars.length]
  const totals = bars.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0))
  const x = makeScale(totals, plot.x, left, right)
  const grid = x.ticks.map((tick) => {
    const at = x.place(tick)
    return element('line', { class: 'grid', x1: at, x2: at, y1: TOP, y2: bottom }) + label(tickText(tick), at, bottom + 18, 'middle')
  })
  const rows = bars.map(({ name, parts }, row) => {
    const y = TOP + ROW * row + (ROW - THICK) / 2
    let sum = 0
    const pieces = parts.map((part) => {
      const from = x.place(sum)
      sum += part.value
      const width = x.place(sum) - from
      return element('rect', { class: `fill${names.indexOf(part.name) % COLOR_COUNT}`, x: from, y, width, height: THICK })
    })
    const text = y + THICK / 2 + 4
    return [label(name, left - 10, text, 'end'), ...pieces, label(shortNumber(sum), x.place(sum) + 8, text, 'start')].join('')
  })
  const entries = names.map((name, i): LegendEntry => ({ name, sample: (cx, cy) => swatch(cx, cy, i) }))
  const below = names.length > 1 ? legend(entries, 24, WIDTH - 20, bottom + 64) : { parts: [], height: 0 }
  const axis = [
    element('path', { class: 'axis', d: `M${left} ${TOP}V${bottom}` }),
    label(plot.x.label, (left + right) / 2, bottom + 40, 'middle'),
  ]
  return picture(plot, WIDTH, bottom + 60 + below.height, [...grid, ...rows, ...axis, ...below.parts])
}

function swatch(x: number, y: number, color: number): string {
  return element('rect', { class: `fill${color % COLOR_COUNT}`, x: x - 7, y: y - 7, width: 14, height: 14 })
}

function shortNumber(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}
