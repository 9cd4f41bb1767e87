// Numbers as people read them.

/** 0.042 -> "0.042 s", 75 -> "1 min 15 s", 4000 -> "1 h 7 min" */
export function seconds(value: number): string {
  if (value < 10) return `${Number(value.toPrecision(2))} s`
  const whole = Math.round(value)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  const minutes = Math.round(whole / 60)
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** 1536 -> "1.5 KB"; decimal units up to GB */
export function bytes(value: number): string {
  const unit = value >= 1e9 ? (['GB', 1e9] as const) : value >= 1e6 ? (['MB', 1e6] as const) : (['KB', 1e3] as const)
  const scaled = value / unit[1]
  return `${scaled >= 10 ? Math.round(scaled) : Number(scaled.toPrecision(2))} ${unit[0]}`
}
