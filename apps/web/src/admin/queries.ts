// What administrators see and do, as requests. Passwords go through these functions to the service and nowhere else.

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { AdminKey, AuditEntry, StorageObject, User, WorkerObject } from '../api/types.ts'

const USERS_A_PAGE = 1000
const ENTRIES_A_PAGE = 50
const WORKERS_MS = 5000

interface List<T> {
  readonly data: T[]
  readonly has_more?: boolean
  readonly last_id?: string | null
}

/** All of them, by name. */
export const usersQuery = queryOptions({
  queryKey: ['admin', 'users'],
  queryFn: async ({ signal }) => {
    const users: User[] = []
    let after: string | undefined
    do {
      const page: List<User> = await ask('/v1/admin/users', { signal, query: { limit: USERS_A_PAGE, after } })
      users.push(...page.data)
      after = page.has_more ? (page.last_id ?? undefined) : undefined
    } while (after !== undefined)
    return users
  },
})

export const adminKeysQuery = queryOptions({
  queryKey: ['admin', 'keys'],
  queryFn: async ({ signal }) => (await ask<List<AdminKey>>('/v1/admin/keys', { signal })).data,
})

export const workersQuery = queryOptions({
  queryKey: ['admin', 'workers'],
  refetchInterval: WORKERS_MS,
  queryFn: async ({ signal }) => (await ask<List<WorkerObject>>('/v1/admin/workers', { signal })).data,
})

export const storageQuery = queryOptions({
  queryKey: ['admin', 'storage'],
  queryFn: ({ signal }) => ask<StorageObject>('/v1/admin/storage', { signal }),
})

export interface AuditFilter {
  /** Who did it. */
  readonly user?: string | undefined
  readonly action?: string | undefined
}

export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['admin', 'audit', filter],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ signal, pageParam }) =>
      ask<List<AuditEntry>>('/v1/admin/audit', { signal, query: { limit: ENTRIES_A_PAGE, before: pageParam, ...filter } }),
    getNextPageParam: (page) => (page.has_more ? page.data.at(-1)?.id : undefined),
  })

export interface NewUser {
  readonly name: string
  readonly password: string
  readonly role: User['role']
  readonly quota: User['quota']
}

export interface UserChanges {
  readonly role?: User['role']
  readonly disabled?: boolean
  readonly password?: string
  readonly quota?: User['quota']
}

export function createUser(user: NewUser): Promise<User> {
  return ask('/v1/admin/users', { method: 'POST', body: user })
}

export function changeUser(id: string, changes: UserChanges): Promise<User> {
  return ask(`/v1/admin/users/${encodeURIComponent(id)}`, { method: 'PATCH', body: changes })
}

export function deleteUser(id: string): Promise<unknown> {
  return ask(`/v1/admin/users/${encodeURIComponent(id)}`, { method: 'DELETE' })
}

export function revokeAdminKey(id: string): Promise<unknown> {
  return ask(`/v1/admin/keys/${encodeURIComponent(id)}`, { method: 'DELETE' })
}
