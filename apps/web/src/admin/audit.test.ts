// The audit log in words: known details, and those that a later service may write.

import { expect, test } from 'vitest'
import { detailsOf, isAction, targetOf } from './audit.ts'

test('details that are known have a kind, others keep their names', () => {
  expect(detailsOf({ details: { role: 'admin', user: 'user_a', disabled: false, password: true, quota: '{"queued":2}' } })).toEqual([
    { kind: 'role', role: 'admin' },
    { kind: 'user', id: 'user_a' },
    { kind: 'enabled' },
    { kind: 'password' },
    { kind: 'other', name: 'quota', value: '{"queued":2}' },
  ])
  expect(detailsOf({ details: { role: 'owner', count: 3 } })).toEqual([
    { kind: 'other', name: 'role', value: 'owner' },
    { kind: 'other', name: 'count', value: '3' },
  ])
})

test('who does something to themselves is not named twice', () => {
  expect(targetOf({ user: 'a', target: 'a' })).toBe(undefined)
  expect(targetOf({ user: null, target: 'a' })).toBe('a')
  expect(targetOf({ user: 'a', target: null })).toBe(undefined)
})

test('what a later service writes is no known action', () => {
  expect([isAction('login'), isAction('toString'), isAction('video_removed')]).toEqual([true, false, false])
})
