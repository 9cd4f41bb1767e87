// Shape arithmetic of the ONNX specification: broadcasting and axes. Errors name the operator and
// both shapes, since a wrong shape here means a wrong model further up.

/** Shape of an elementwise result under ONNX's multidirectional (numpy) broadcasting. */
export function broadcastShapes(operator: string, a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, i) => {
    const x = a[i - rank + a.length] ?? 1
    const y = b[i - rank + b.length] ?? 1
    if (x !== y && x !== 1 && y !== 1) throw new RangeError(`${operator}: [${a}] and [${b}] do not broadcast`)
    return Math.max(x, y)
  })
}

/** A non-negative axis. */
export function normalizeAxis(operator: string, axis: number, rank: number): number {
  const normalized = axis < 0 ? axis + rank : axis
  if (!Number.isInteger(normalized) || normalized < 0 || normalized >= rank)
    throw new RangeError(`${operator}: axis ${axis} is outside a tensor of rank ${rank}`)
  return normalized
}

/** Replaces the one -1 of a Reshape target by what the element count leaves over. */
export function resolveShape(operator: string, from: readonly number[], to: readonly number[]): number[] {
  const count = from.reduce((product, size) => product * size, 1)
  const known = to.reduce((product, size) => (size === -1 ? product : product * size), 1)
  const resolved = to.map((size) => (size === -1 ? count / known : size))
  if (resolved.reduce((product, size) => product * size, 1) !== count || !resolved.every(Number.isInteger))
    throw new RangeError(`${operator}: [${from}] has ${count} elements and cannot become [${to}]`)
  return resolved
}
