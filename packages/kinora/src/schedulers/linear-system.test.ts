import fc from 'fast-check'
import { expect, it } from 'vitest'
import { solve } from './linear-system.ts'

it('solves what no pivot on the diagonal could', () => {
  const rows = [
    [0, 2, 1],
    [1, 0, 0],
    [3, 0, 4],
  ]
  expect(solve(rows, [7, 5, 27])).toEqual([5, 2, 3])
  expect(solve([], [])).toEqual([])
})

it('gives the vector that the matrix was multiplied by', () => {
  const number = fc.double({ min: -1, max: 1, noNaN: true })
  const vector = fc.array(number, { minLength: 3, maxLength: 3 })
  fc.assert(
    fc.property(fc.array(vector, { minLength: 3, maxLength: 3 }), vector, (small, x) => {
      const matrix = small.map((row, i) => row.map((value, j) => (i === j ? value + 4 : value)))
      const right = matrix.map((row) => row.reduce((sum, value, j) => sum + value * x[j]!, 0))
      solve(matrix, right).forEach((value, i) => {
        expect(value).toBeCloseTo(x[i]!, 12)
      })
    }),
  )
})
