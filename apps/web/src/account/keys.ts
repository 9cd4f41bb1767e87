// The own API keys: their list, what ends one, how long a new one may live. A new key's secret is only ever in the dialog that
// made it (CreateKey.tsx), never in a cache.

import { queryOptions } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { Account, Key } from '../api/types.ts'

export type Scope = Key['scopes'][number]

/** Their names in the texts, where a colon would part a namespace. */
export const SCOPE_TEXTS = { 'videos:read': 'read', 'videos:write': 'write', admin: 'admin' } as const

/** Newest first. */
export const keysQuery = queryOptions({
  queryKey: ['keys'],
  queryFn: async ({ signal }) => (await ask<{ data: Key[] }>('/v1/keys', { signal })).data.toReversed(),
})

export interface NewKey {
  readonly name: string
  readonly scopes: readonly Scope[]
  /** Seconds since 1970; null for never. */
  readonly expires_at: number | null
}

export function createKey(wish: NewKey): Promise<Key & { readonly key: string }> {
  return ask('/v1/keys', { method: 'POST', body: wish })
}

export function revokeKey(id: string): Promise<unknown> {
  return ask(`/v1/keys/${encodeURIComponent(id)}`, { method: 'DELETE' })
}

/** In days; null for never. */
export const LIFETIMES = [7, 30, 90, 365, null] as const

/** Seconds since 1970. */
export function expiryIn(days: number | null, now: number): number | null {
  return days === null ? null : Math.floor(now) + days * 86_400
}

/** Scopes that the account can give to a key, in the order in which they are shown. */
export function scopesOf({ role }: Pick<Account, 'role'>): readonly Scope[] {
  return role === 'admin' ? ['videos:read', 'videos:write', 'admin'] : ['videos:read', 'videos:write']
}

/** A first request with a key, for a shell. */
export function curlExample(address: string, key: string): string {
  return `curl ${address} \\\n  -H 'Authorization: Bearer ${key}' \\\n  -H 'Content-Type: application/json' \\\n  -d '{"prompt": "A panda eating bamboo on a rock"}'`
}
