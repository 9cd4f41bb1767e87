// What may be a name or a password, and how strengths are told.

import { expect, test } from 'vitest'
import { isPassword, isUserName, newPassword, strengthOf } from './credentials.ts'

test.each(['ann', 'Ann Lee', '李雷', 'é', 'x'.repeat(64)])('%s may be a name', (name) => {
  expect(isUserName(name)).toBe(true)
})

test.each(['', ' ann', 'ann ', 'a\u200bb', 'a\nb', 'x'.repeat(65)])('%j may not be a name', (name) => {
  expect(isUserName(name)).toBe(false)
})

test('passwords have 8 to 256 characters', () => {
  expect(['1234567', '12345678', 'x'.repeat(256), 'x'.repeat(257)].map(isPassword)).toEqual([false, true, true, false])
})

test.each([
  ['short', 'weak'],
  ['aaaaaaaaaaaaaaaaaaaa', 'weak'],
  ['12345678901234567890', 'weak'],
  ['qwertyuiopasdfghjkl', 'weak'],
  ['Password123', 'weak'],
  ['abcabcabcabcabcabc', 'weak'],
  ['tiger-lamp', 'fair'],
  ['correct horse', 'good'],
  ['correct horse battery staple', 'strong'],
  ['Vq8#zT!w2Lp0', 'good'],
] as const)('%s is %s', (password, strength) => {
  expect(strengthOf(password)).toBe(strength)
})

test("the user's own name adds nothing", () => {
  expect(strengthOf('margarethe77')).not.toBe(strengthOf('margarethe77', 'Margarethe'))
})

test('new passwords are strong, differ, and use every letter', () => {
  const made = Array.from({ length: 200 }, newPassword)
  expect(new Set(made).size).toBe(200)
  expect(made.every((each) => /^([a-km-np-z2-9]{5}-){3}[a-km-np-z2-9]{5}$/.test(each))).toBe(true)
  expect(new Set(made.join('').replaceAll('-', '')).size).toBe(32)
  expect(strengthOf(made[0]!)).toBe('strong')
})
