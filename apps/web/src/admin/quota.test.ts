// Quotas go into a form and come out of it unchanged; numbers that the service would refuse are found.

import { expect, test } from 'vitest'
import type { User } from '../api/types.ts'
import { formOfQuota, lackingOf, quotaOfForm } from './quota.ts'

test.each<User['quota']>([{}, { queued: 0 }, { queued: null, per_day: 20 }, { queued: 2, per_day: null, work_per_day: 9e15 }])(
  '%j comes back',
  (quota) => {
    const form = formOfQuota(quota)
    expect(lackingOf(form)).toEqual([])
    expect(quotaOfForm(form)).toEqual(quota)
  },
)

test('a number that was not given, or is too large or no whole one, is lacking', () => {
  const own = { kind: 'own', value: '' } as const
  expect(lackingOf({ queued: { kind: 'number', value: '' }, per_day: own, work_per_day: own })).toEqual(['queued'])
  expect(lackingOf({ queued: { kind: 'number', value: 100_001 }, per_day: { kind: 'number', value: 1.5 }, work_per_day: own })).toEqual([
    'queued',
    'per_day',
  ])
})

test('a number of another kind is not sent', () => {
  expect(quotaOfForm({ ...formOfQuota({}), queued: { kind: 'none', value: 3 } })).toEqual({ queued: null })
})
