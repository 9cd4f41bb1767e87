// What a new key may be, and the example of its use.

import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { curlExample, expiryIn, scopesOf } from './keys.ts'

test('a lifetime counts from now, in whole seconds', () => {
  expect(expiryIn(30, 1000.9)).toBe(1000 + 30 * 86_400)
  expect(expiryIn(null, 1000)).toBe(null)
})

test("only an administrator's key may administrate", () => {
  expect(scopesOf({ role: 'user' })).not.toContain('admin')
  expect(scopesOf({ role: 'admin' })).toContain('admin')
})

test('a shell takes the example as one command', () => {
  const example = curlExample('https://videos.example.com/v1/videos', 'kinora_abc').replace(/^curl/, "printf '%s|'")
  const words = execFileSync('sh', ['-c', example], { encoding: 'utf8' }).split('|')
  expect(words).toContain('https://videos.example.com/v1/videos')
  expect(words).toContain('Authorization: Bearer kinora_abc')
  expect(JSON.parse(words.find((word) => word.startsWith('{'))!)).toHaveProperty('prompt')
})
