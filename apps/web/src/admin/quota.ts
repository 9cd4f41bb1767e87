// A user's own bounds as a form holds them: each is the service's own, none at all, or a number.

import type { User } from '../api/types.ts'

export const BOUNDS = ['queued', 'per_day', 'work_per_day'] as const
export type BoundName = (typeof BOUNDS)[number]
export type BoundKind = 'own' | 'none' | 'number'

export interface Bound {
  readonly kind: BoundKind
  /** Kept while another kind is chosen; empty before one is given. */
  readonly value: number | ''
}

export type QuotaForm = Readonly<Record<BoundName, Bound>>

/** What the service takes at most. */
export const MOST: Readonly<Record<BoundName, number>> = { queued: 100_000, per_day: 1_000_000, work_per_day: Number.MAX_SAFE_INTEGER }

export function formOfQuota(quota: User['quota']): QuotaForm {
  const bound = (value: number | null | undefined): Bound => {
    if (value === undefined) return { kind: 'own', value: '' }
    return value === null ? { kind: 'none', value: '' } : { kind: 'number', value }
  }
  return { queued: bound(quota.queued), per_day: bound(quota.per_day), work_per_day: bound(quota.work_per_day) }
}

/** The bounds whose number is lacking or is none that the service takes. */
export function lackingOf(form: QuotaForm): BoundName[] {
  return BOUNDS.filter((name) => {
    const { kind, value } = form[name]
    return kind === 'number' && !(Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= MOST[name])
  })
}

/** As the service takes it; only when nothing is lacking. */
export function quotaOfForm(form: QuotaForm): User['quota'] {
  const kept = BOUNDS.filter((name) => form[name].kind !== 'own')
  return Object.fromEntries(kept.map((name) => [name, form[name].kind === 'none' ? null : Number(form[name].value)]))
}
