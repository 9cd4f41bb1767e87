// Users, keys and sessions as the API shows them. What only proves something (hashes, tokens) is never among it.

import { z } from 'zod'
import type { Identity } from '../accounts/identity.ts'
import type { ApiKey } from '../accounts/keys.ts'
import type { User } from '../accounts/users.ts'
import type { Quota } from '../db/values.ts'

export const role = z.enum(['admin', 'user'])
export const scope = z.enum(['videos:read', 'videos:write', 'admin'])

const bound = (most: number) => z.int().min(0).max(most).nullable()

/** What it leaves out is the service's own bound. */
export const quotaObject = z.strictObject({
  queued: bound(100_000).optional().describe('waiting and running at a time'),
  per_day: bound(1_000_000).optional(),
  work_per_day: bound(Number.MAX_SAFE_INTEGER).optional().describe('frames x pixels x steps'),
})

export const accountObject = z.object({
  id: z.string(),
  name: z.string(),
  role,
  via: z.enum(['session', 'key', 'none']),
  scopes: z.array(scope),
})

export const userObject = z.object({
  id: z.string(),
  object: z.literal('user'),
  name: z.string(),
  role,
  created_at: z.int().describe('seconds since 1970, as all times'),
  disabled_at: z.int().nullable(),
  quota: quotaObject.describe("what differs from the service's own; null is no bound"),
})

export const keyObject = z.object({
  id: z.string(),
  object: z.literal('api_key'),
  name: z.string(),
  start: z.string().describe('its first characters'),
  scopes: z.array(scope),
  created_at: z.int(),
  expires_at: z.int().nullable(),
  used_at: z.int().nullable().describe('to the minute'),
})

/** Of paths that name a key. */
export const keyParams = z.object({ id: z.string().max(100) })

export const keyDeleted = z.object({ id: z.string(), object: z.literal('api_key.deleted'), deleted: z.literal(true) })

export function toAccountObject({ userId, name, role, via, scopes }: Identity): z.infer<typeof accountObject> {
  return { id: userId, name, role, via, scopes: [...scopes] }
}

export function toUserObject({ id, name, role, createdAt, disabledAt, quota }: User): z.infer<typeof userObject> {
  const { queued, perDay, workPerDay } = quota
  return {
    id,
    object: 'user',
    name,
    role,
    created_at: seconds(createdAt),
    disabled_at: disabledAt && seconds(disabledAt),
    quota: {
      ...(queued !== undefined && { queued }),
      ...(perDay !== undefined && { per_day: perDay }),
      ...(workPerDay !== undefined && { work_per_day: workPerDay }),
    },
  }
}

export function toQuota({ queued, per_day: perDay, work_per_day: workPerDay }: z.infer<typeof quotaObject>): Partial<Quota> {
  return {
    ...(queued !== undefined && { queued }),
    ...(perDay !== undefined && { perDay }),
    ...(workPerDay !== undefined && { workPerDay }),
  }
}

export function toKeyObject({ id, name, start, scopes, createdAt, expiresAt, usedAt }: ApiKey): z.infer<typeof keyObject> {
  return {
    id,
    object: 'api_key',
    name,
    start,
    scopes,
    created_at: seconds(createdAt),
    expires_at: expiresAt && seconds(expiresAt),
    used_at: usedAt && seconds(usedAt),
  }
}

export function seconds(time: Date): number {
  return Math.floor(time.getTime() / 1000)
}
