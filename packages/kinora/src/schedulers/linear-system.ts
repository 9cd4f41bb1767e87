// Small dense systems of linear equations in float64, by Gaussian elimination with partial pivoting.

/** The x with matrix * x = right; `matrix` is a list of rows and must not be singular. */
export function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!])
  const size = rows.length
  for (let column = 0; column < size; column++) {
    let pivot = column
    for (let i = column + 1; i < size; i++) if (Math.abs(rows[i]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = i
    const top = rows[pivot]!
    rows[pivot] = rows[column]!
    rows[column] = top
    for (const row of rows.slice(column + 1)) {
      const factor = row[column]! / top[column]!
      for (let j = column; j <= size; j++) row[j]! -= factor * top[j]!
    }
  }
  const x = [...right]
  for (let i = size - 1; i >= 0; i--) {
    let rest = rows[i]![size]!
    for (let j = i + 1; j < size; j++) rest -= rows[i]![j]! * x[j]!
    x[i] = rest / rows[i]![i]!
  }
  return x
}
