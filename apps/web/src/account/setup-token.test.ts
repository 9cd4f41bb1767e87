// What of an address counts as a set-up link's token.

import { expect, test } from 'vitest'
import { setupTokenOf } from './setup-token.ts'

test.each([
  ['#Ab_c-9', 'Ab_c-9'],
  ['', undefined],
  ['#', undefined],
  ['#a b', undefined],
  ['#<script>', undefined],
  [`#${'x'.repeat(101)}`, undefined],
])('%j has the token %j', (hash, token) => {
  expect(setupTokenOf(hash)).toBe(token)
})
