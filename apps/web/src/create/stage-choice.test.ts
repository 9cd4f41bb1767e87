// A running video is not taken from the stage; a finished one is.

import { expect, test } from 'vitest'
import type { VideoObject } from '../api/types.ts'
import { nextOnStage } from './stage-choice.ts'

const video = (id: string, status: VideoObject['status']) => ({ id, status }) as VideoObject

test.each([
  [undefined, 'new'],
  ['completed', 'new'],
  ['failed', 'new'],
  ['queued', 'old'],
  ['in_progress', 'old'],
] as const)('after %s comes the %s one', (status, id) => {
  expect(nextOnStage(status && video('old', status), video('new', 'queued'))).toBe(id)
})
