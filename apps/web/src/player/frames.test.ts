// Which frame is shown when, also for rates that no time scale divides.

import { expect, test } from 'vitest'
import type { VideoObject } from '../api/types.ts'
import { frameAt, frameCount, frameStartingAt, stepped, timeOfFrame } from './frames.ts'

test.each([1, 7.5, 8, 23.976, 24, 30, 60])('a seek to each frame shows that frame at %f frames a second', (fps) => {
  const count = 200
  for (let frame = 0; frame < count; frame++) {
    expect(frameAt(timeOfFrame(frame, fps), fps, count)).toBe(frame)
    // Files count in time scales such as 1 / 12,800 s: starts are rounded, up or down.
    expect(frameStartingAt(Math.floor((frame / fps) * 12_800) / 12_800, fps, count)).toBe(frame)
    expect(frameStartingAt(Math.ceil((frame / fps) * 12_800) / 12_800, fps, count)).toBe(frame)
  }
})

test('times outside belong to the first and last frame', () => {
  expect(frameAt(-1, 8, 16)).toBe(0)
  expect(frameAt(2, 8, 16)).toBe(15)
})

test('steps go round in both directions', () => {
  expect(stepped(15, 1, 16)).toBe(0)
  expect(stepped(0, -1, 16)).toBe(15)
  expect(stepped(0, 1, 1)).toBe(0)
})

test('a continued video has the frames of both', () => {
  expect(frameCount({ task: 'extend', num_frames: 16, input_frames: 24 } as VideoObject)).toBe(40)
  expect(frameCount({ task: 'generate', num_frames: 16 } as VideoObject)).toBe(16)
})
