// The form of a rename table: one tensor's name and shape in the file -> what the models ask for. Pure: no bytes
// move; a tensor gets another name, loses dimensions of size 1, or is cut into ranges of its rows.

/** A tensor that models ask for, as it lies in a stored one. */
export interface Target {
  readonly name: string
  readonly shape: readonly number[]
  /** Rows [start, end) of the stored tensor's first axis; absent for all of them. */
  readonly rows?: readonly [start: number, end: number]
}

/** One target, several, or undefined for a tensor that no model needs. */
export type KeyMap = (name: string, shape: readonly number[]) => Target | readonly Target[] | undefined

/** The table for names that all begin with `prefix`; what begins otherwise belongs to another model in the same file. */
export function below(prefix: string, keys: KeyMap): KeyMap {
  return (name, shape) => (name.startsWith(prefix) ? keys(name.slice(prefix.length), shape) : undefined)
}

/** What stands before `landmark`, the name of a tensor that the model always has; undefined when the file lacks it. */
export function prefixOf(names: Iterable<string>, landmark: string): string | undefined {
  let prefix: string | undefined
  for (const name of names) {
    if (name === landmark) return ''
    if (name.endsWith(`.${landmark}`)) prefix ??= name.slice(0, -landmark.length)
  }
  return prefix
}

/** A convolution of kernel size 1, [O, I, 1, ...], is a matrix [O, I]; other shapes pass unchanged. */
export function asMatrix(shape: readonly number[]): readonly number[] {
  return shape.length > 2 && shape.slice(2).every((size) => size === 1) ? shape.slice(0, 2) : shape
}
