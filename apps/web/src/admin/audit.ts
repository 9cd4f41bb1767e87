// The audit log's entries in words: which actions have a text of their own, and their details as pairs.

import type { AuditEntry } from '../api/types.ts'

/** As the service names them. Others are shown by their name. */
export const ACTIONS = [
  'login',
  'login_failed',
  'logout',
  'password_changed',
  'key_created',
  'key_revoked',
  'user_created',
  'user_changed',
  'user_removed',
] as const
export type Action = (typeof ACTIONS)[number]

export function isAction(action: string): action is Action {
  return (ACTIONS as readonly string[]).includes(action)
}

export type Detail =
  | { readonly kind: 'role'; readonly role: 'admin' | 'user' }
  | { readonly kind: 'user'; readonly id: string }
  | { readonly kind: 'disabled' | 'enabled' | 'password' }
  | { readonly kind: 'other'; readonly name: string; readonly value: string }

export function detailsOf({ details }: Pick<AuditEntry, 'details'>): Detail[] {
  return Object.entries(details).map(([name, value]) => {
    if (name === 'role' && (value === 'admin' || value === 'user')) return { kind: 'role', role: value }
    if (name === 'user' && typeof value === 'string') return { kind: 'user', id: value }
    if (name === 'disabled' && typeof value === 'boolean') return { kind: value ? 'disabled' : 'enabled' }
    if (name === 'password' && value === true) return { kind: 'password' }
    return { kind: 'other', name, value: String(value) }
  })
}

/** Whom or what it was done to, when that is somebody or something else than who did it. */
export function targetOf({ user, target }: Pick<AuditEntry, 'user' | 'target'>): string | undefined {
  return target === null || target === user ? undefined : target
}
