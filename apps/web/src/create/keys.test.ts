// Enter, and Enter that is meant for something else.

import { expect, test } from 'vitest'
import { asksForVideo } from './keys.ts'

const ENTER = { key: 'Enter', shiftKey: false, altKey: false, keyCode: 13, isComposing: false }

test.each([
  [ENTER, true],
  [{ ...ENTER, shiftKey: true }, false],
  [{ ...ENTER, altKey: true }, false],
  [{ ...ENTER, isComposing: true }, false],
  [{ ...ENTER, keyCode: 229 }, false],
  [{ ...ENTER, key: 'a' }, false],
])('%j: %s', (press, asks) => {
  expect(asksForVideo(press)).toBe(asks)
})
