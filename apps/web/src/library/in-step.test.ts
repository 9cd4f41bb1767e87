import fc from 'fast-check'
import { expect, test } from 'vitest'
import { correctionOf, type Reel, restingTime, secondsOf, sharedReel } from './in-step.ts'

const SLOW: Reel = { fps: 8, count: 16 }
const FAST: Reel = { fps: 24, count: 24 }

test('the shared line has the finer steps and the greater length', () => {
  expect(sharedReel(SLOW, FAST)).toEqual({ fps: 24, count: 48 })
  expect(sharedReel(SLOW, SLOW)).toEqual(SLOW)
})

test('at rest each video shows the middle of its own frame of that time, after its end the last one', () => {
  expect(restingTime(SLOW, 0.3)).toBeCloseTo(2.5 / 8)
  expect(restingTime(FAST, 1.7)).toBeCloseTo(23.5 / 24)
})

test('who is over waits on the last frame', () => {
  expect(correctionOf(FAST, 23.5 / 24, 1.5, 1)).toEqual({ isOver: true, rate: 1 })
  expect(correctionOf(FAST, 0.2, 1.5, 1)).toMatchObject({ isOver: true, seek: 23.5 / 24 })
})

test('who is far off is put right, who is a little off hurries or waits', () => {
  expect(correctionOf(SLOW, 0, 1, 1)).toEqual({ isOver: false, seek: 1, rate: 1 })
  expect(correctionOf(SLOW, 1.05, 1, 1).rate).toBeLessThan(1)
  expect(correctionOf(SLOW, 0.95, 1, 2).rate).toBeGreaterThan(2)
  expect(correctionOf(SLOW, 1, 1, 0.5)).toEqual({ isOver: false, rate: 0.5 })
})

test('wherever two videos begin, they are in step within two seconds of playing', () => {
  const reel = { fps: 8, count: 200 }
  const speeds = fc.constantFrom(0.25, 0.5, 1, 1.5, 2)
  fc.assert(
    fc.property(fc.double({ min: 0, max: 20, noNaN: true }), fc.double({ min: 0, max: 20, noNaN: true }), speeds, (begin, time, speed) => {
      let [current, clock] = [begin, time]
      for (let frame = 0; frame < 120; frame++) {
        const { seek, rate } = correctionOf(reel, current, clock, speed)
        current = (seek ?? current) + rate / 60
        clock += speed / 60
      }
      expect(Math.abs(current - clock)).toBeLessThan(0.06)
      expect(clock).toBeLessThan(secondsOf(reel))
    }),
  )
})
