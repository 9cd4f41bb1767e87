// Times, durations and sizes as the people of a language write them (ECMA-402). Formatters are kept: making one costs more
// than using it a hundred times.

const numbers = new Map<string, Intl.NumberFormat>()
const times = new Map<string, Intl.DateTimeFormat>()

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const
const STEP = 1000
/** Below this, tenths of a second are told. */
const TENTHS_BELOW = 10

/** How long something takes: `1.6 sec`, `42 sec`, `3 min 20 sec`, `2 hr 5 min`. */
export function formatSeconds(seconds: number, language: string): string {
  const unit = (value: number, name: string, digits = 0) => ofUnit(value, name, language, digits)
  const exact = Math.max(0, seconds)
  if (exact < TENTHS_BELOW) return unit(exact, 'second', 1)
  const whole = Math.round(exact)
  if (whole < 60) return unit(whole, 'second')
  if (whole < 3600) return joined([unit(Math.floor(whole / 60), 'minute'), whole % 60 > 0 && unit(whole % 60, 'second')])
  const minutes = Math.round(whole / 60)
  return joined([unit(Math.floor(minutes / 60), 'hour'), minutes % 60 > 0 && unit(minutes % 60, 'minute')])
}

/** Date and time of day, here. */
export function formatTime(unixSeconds: number, language: string): string {
  const known = times.get(language)
  const format = known ?? new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
  if (!known) times.set(language, format)
  return format.format(unixSeconds * 1000)
}

/** As storage is sold, in powers of 1000: `1.2 MB`. */
export function formatBytes(bytes: number, language: string): string {
  let index = 0
  let value = Math.max(0, bytes)
  // What would be rounded to 1000 belongs to the next unit.
  while (index < BYTE_UNITS.length - 1 && Number(value.toFixed(value < 99.95 ? 1 : 0)) >= STEP) {
    value /= STEP
    index++
  }
  return ofUnit(value, BYTE_UNITS[index]!, language, index > 0 && value < 99.95 ? 1 : 0)
}

/** `share` from 0 to 1. */
export function formatPercent(share: number, language: string): string {
  return numberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(share)
}

export function formatNumber(value: number, language: string, maximumFractionDigits = 2): string {
  return numberFormat(language, { maximumFractionDigits }).format(value)
}

function ofUnit(value: number, unit: string, language: string, maximumFractionDigits: number): string {
  return numberFormat(language, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits }).format(value)
}

function numberFormat(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language} ${JSON.stringify(options)}`
  const known = numbers.get(key)
  if (known) return known
  const format = new Intl.NumberFormat(language, options)
  numbers.set(key, format)
  return format
}

function joined(parts: readonly (string | false)[]): string {
  return parts.filter((part) => part !== false).join(' ')
}
