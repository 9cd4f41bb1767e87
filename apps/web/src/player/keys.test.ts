// Keys of the player, and those that it leaves alone.

import { expect, test } from 'vitest'
import { meaningOf } from './keys.ts'

const press = (key: string, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more })

test('on the player: play, step, ends', () => {
  expect([' ', ',', '.', 'ArrowLeft', 'ArrowRight', 'Home', 'End'].map((key) => meaningOf(press(key), false))).toEqual([
    'toggle',
    'back',
    'forward',
    'back',
    'forward',
    'first',
    'last',
  ])
})

test("a control keeps its own keys; the browser's shortcuts and other keys are left alone", () => {
  expect([' ', 'ArrowLeft', 'Home'].map((key) => meaningOf(press(key), true))).toEqual([undefined, undefined, undefined])
  expect(meaningOf(press(','), true)).toBe('back')
  expect(meaningOf(press('ArrowLeft', { altKey: true }), false)).toBeUndefined()
  expect(meaningOf(press('constructor'), false)).toBeUndefined()
})
