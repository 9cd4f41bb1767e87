// Scales of a plot's axes: values to places, and the round values at which they are marked.

export interface Axis {
  /** With its unit. */
  label: string
  /** Equal ratios get equal lengths; all values must be above 0. */
  log?: boolean
}

export interface Scale {
  place: (value: number) => number
  ticks: number[]
}

const STEPS = [1, 2, 5]

/** `from` and `to` are where the lowest and the highest mark lie. A linear scale begins at 0 unless a value is below. */
export function makeScale(values: readonly number[], { log = false, label }: Axis, from: number, to: number): Scale {
  if (values.length === 0 || !values.every(Number.isFinite)) throw new RangeError(`${label}: finite values are needed, at least one`)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  if (log && low <= 0) throw new RangeError(`${label}: ${low} has no place on a logarithmic axis`)
  const ticks = log ? logTicks(low, high) : linearTicks(Math.min(0, low), high)
  const measure = (value: number): number => (log ? Math.log(value) : value)
  const [first, last] = [measure(ticks[0]!), measure(ticks.at(-1)!)]
  return { ticks, place: (value) => from + ((measure(value) - first) / (last - first)) * (to - from) }
}

/** 1, 2 and 5 times powers of ten, around the values; powers of ten alone where those would be many. */
function logTicks(low: number, high: number): number[] {
  const [first, last] = [Math.floor(Math.log10(low)) - 1, Math.ceil(Math.log10(high)) + 1]
  const powers = Array.from({ length: last - first + 1 }, (_, i) => first + i)
  const steps = high / low > 1e4 ? [1] : STEPS
  const marks = powers.flatMap((power) => steps.map((step) => step * 10 ** power))
  const begin = marks.findLastIndex((mark) => mark <= low * 1.000001)
  const end = marks.findIndex((mark) => mark >= high * 0.999999)
  return marks.slice(begin === end ? begin - 1 : begin, end + 1)
}

/** Some five round steps. */
function linearTicks(low: number, high: number): number[] {
  if (high === low) return linearTicks(low, low + 1)
  const span = high - low
  const power = 10 ** Math.floor(Math.log10(span / 5))
  const step = [...STEPS, 10].map((factor) => factor * power).find((size) => span / size <= 6)!
  const [first, last] = [Math.floor(low / step), Math.max(Math.ceil(high / step), Math.floor(low / step) + 1)]
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step)
}

/** Without the noise of binary fractions. */
export function tickText(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.001) return value.toExponential().replace('e-', 'e−')
  return String(Number(value.toPrecision(6)))
}
