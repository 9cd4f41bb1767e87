// Who is logged in, and what begins and ends that.

import { type QueryClient, queryOptions, useQuery } from '@tanstack/react-query'
import { ask, keepCsrfToken } from './client.ts'
import type { Account, Session } from './types.ts'

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  staleTime: 60_000,
  queryFn: async ({ signal }) => {
    const session = await ask<Session>('/v1/session', { signal })
    keepCsrfToken(session.csrf_token)
    return session
  },
})

/** The account; only below the gate that asks for it (app/Gate.tsx). */
export function useAccount(): Account {
  const { data } = useQuery(sessionQuery)
  if (!data?.user) throw new Error('nobody is logged in')
  return data.user
}

export async function logIn(client: QueryClient, name: string, password: string): Promise<void> {
  await ask('/v1/session', { method: 'POST', body: { name, password } })
  await client.query({ ...sessionQuery, staleTime: 0 })
}

/** Forgets whatever was known of the account. */
export async function logOut(client: QueryClient): Promise<void> {
  await ask('/v1/session', { method: 'DELETE' })
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
  await client.query({ ...sessionQuery, staleTime: 0 })
}

/** `token` is the set-up link's. */
export async function setUp(client: QueryClient, token: string, name: string, password: string): Promise<void> {
  await ask('/v1/setup', { method: 'POST', body: { token, name, password } })
  await client.query({ ...sessionQuery, staleTime: 0 })
}
