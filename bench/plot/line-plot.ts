// A line plot as SVG: any number of series over two axes, linear or logarithmic, each with a colour and a
// mark of its own, and a legend.

import { type LegendEntry, legend } from './legend.ts'
import { type Axis, makeScale, type Scale, tickText } from './scale.ts'
import { COLOR_COUNT, type Described, element, label, picture } from './svg.ts'

interface Point {
  x: number
  y: number
}

export interface Series {
  name: string
  points: readonly Point[]
  /** For what is expected or wished for, beside what was measured: no marks. */
  dashed?: boolean
  /** Name of an earlier series whose colour this one takes. */
  like?: string
}

export interface LinePlot extends Described {
  x: Axis
  y: Axis
  series: readonly Series[]
}

const WIDTH = 720
const [LEFT, RIGHT, TOP, BOTTOM] = [72, 700, 50, 370]

interface Drawn extends Series {
  color: number
}

/** Throws RangeError when there are no points, or one has no place on its axis. */
export function linePlot(plot: LinePlot): string {
  const series = colored(plot.series)
  const points = series.flatMap((one) => one.points)
  const x = makeScale(
    points.map((point) => point.x),
    plot.x,
    LEFT,
    RIGHT,
  )
  const y = makeScale(
    points.map((point) => point.y),
    plot.y,
    BOTTOM,
    TOP,
  )
  const entries = series.map(
    (one): LegendEntry => ({
      name: one.name,
      sample: (cx, cy) =>
        line(
          [
            { x: cx - 12, y: cy },
            { x: cx + 12, y: cy },
          ],
          one,
        ) + mark(cx, cy, one),
    }),
  )
  const below = legend(entries, LEFT, RIGHT, BOTTOM + 62)
  const lines = series.map((one) => drawn(one, x, y))
  return picture(plot, WIDTH, BOTTOM + 62 + below.height, [...axes(x, y, plot), ...lines, ...below.parts])
}

function colored(series: readonly Series[]): Drawn[] {
  const own = series.filter(({ like }) => like === undefined).map(({ name }) => name)
  return series.map((one) => ({ ...one, color: Math.max(0, own.indexOf(one.like ?? one.name)) % COLOR_COUNT }))
}

function axes(x: Scale, y: Scale, plot: LinePlot): string[] {
  const vertical = x.ticks.map((tick) => {
    const at = x.place(tick)
    return element('line', { class: 'grid', x1: at, x2: at, y1: TOP, y2: BOTTOM }) + label(tickText(tick), at, BOTTOM + 18, 'middle')
  })
  const horizontal = y.ticks.map((tick) => {
    const at = y.place(tick)
    return element('line', { class: 'grid', x1: LEFT, x2: RIGHT, y1: at, y2: at }) + label(tickText(tick), LEFT - 8, at + 4, 'end')
  })
  const middle = (TOP + BOTTOM) / 2
  return [
    ...vertical,
    ...horizontal,
    element('path', { class: 'axis', d: `M${LEFT} ${TOP}V${BOTTOM}H${RIGHT}` }),
    label(plot.x.label, (LEFT + RIGHT) / 2, BOTTOM + 40, 'middle'),
    label(plot.y.label, 18, middle, 'middle', { transform: `rotate(-90 18 ${middle})` }),
  ]
}

function drawn(series: Drawn, x: Scale, y: Scale): string {
  const places = series.points.toSorted((a, b) => a.x - b.x).map((point) => ({ x: x.place(point.x), y: y.place(point.y) }))
  return line(places, series) + places.map((place) => mark(place.x, place.y, series)).join('')
}

function line(places: readonly Point[], { color, dashed }: Drawn): string {
  const d = places.map((place, i) => `${i === 0 ? 'M' : 'L'}${place.x.toFixed(1)} ${place.y.toFixed(1)}`).join('')
  return element('path', { class: `line${color}`, d, 'stroke-width': dashed ? 1.5 : 2, 'stroke-dasharray': dashed ? '5 4' : undefined })
}

/** A shape for each colour. */
function mark(x: number, y: number, { color, dashed }: Drawn): string {
  if (dashed) return ''
  const fill = { class: `fill${color}` }
  const corners = [0, 4, 3, 4][color % 4]!
  if (corners === 0) return element('circle', { ...fill, cx: x, cy: y, r: 4 })
  const turn = color % 4 === 1 ? Math.PI / 4 : -Math.PI / 2
  const places = Array.from({ length: corners }, (_, i) => turn + (2 * Math.PI * i) / corners)
  return element('polygon', {
    ...fill,
    points: places.map((angle) => `${(x + 5 * Math.cos(angle)).toFixed(1)},${(y + 5 * Math.sin(angle)).toFixed(1)}`).join(' '),
  })
}
