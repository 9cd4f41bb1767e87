// The arena's size for sequences whose outcome follows from its rules by hand.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createArena } from './arena.ts'

const MIB = 2 ** 20

describe('arena', () => {
  test('pages count once they are in use, not when a region is taken', () => {
    const arena = createArena()
    arena.allocate(100)
    expect(arena.resident).toBe(256)
    arena.allocate(3 * MIB) // a second region, of 4 MiB
    expect(arena.resident).toBe(256 + 3 * MIB)
  })

  test('freed memory is taken up again, neighbours together', () => {
    const arena = createArena()
    const parts = [arena.allocate(MIB / 4), arena.allocate(MIB / 4), arena.allocate(MIB / 2)]
    for (const part of parts) arena.free(part)
    arena.allocate(MIB)
    expect(arena.resident).toBe(MIB)
    expect(arena.used).toBe(MIB)
  })

  test('a region cannot serve what is larger: growing sizes leave the smaller regions idle', () => {
    const arena = createArena()
    for (const size of [1, 2, 4, 8]) arena.free(arena.allocate(size * MIB))
    expect(arena.resident).toBe(15 * MIB)
    expect(arena.used).toBe(0)
  })

  test('what is in use is in memory, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 8 * MIB }), fc.boolean()), { maxLength: 60 }), (steps) => {
        const arena = createArena()
        const held: ReturnType<typeof arena.allocate>[] = []
        for (const [bytes, free] of steps) {
          held.push(arena.allocate(bytes))
          if (free) arena.free(held.shift()!)
          const used = held.reduce((sum, { requested }) => sum + requested, 0)
          expect(arena.used).toBe(used)
          expect(arena.resident).toBeGreaterThanOrEqual(used)
        }
      }),
    )
  })
})
