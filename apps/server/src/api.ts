// The API's objects as types, for TypeScript clients; the web application is one. No values, so that nothing of the server
// comes along.

import type { z } from 'zod'
import type {} from './accounts/authenticate.ts' // what it adds to Fastify's types
import type { accountObject, keyObject, userObject } from './http/account-objects.ts'
import type { errorEnvelope } from './http/errors.ts'
import type { auditEntry, storageObject, workerObject } from './http/routes/admin.ts'
import type { adminKeyObject } from './http/routes/admin-keys.ts'
import type { queueObject } from './http/routes/pause.ts'
import type { session } from './http/routes/session.ts'
import type { capabilities, modelObject } from './videos/capabilities.ts'
import type { promptCheck } from './videos/prompt.ts'
import type { videoList } from './watch/video-object.ts'

export type { VideoObject } from './watch/video-object.ts'
export type Account = z.infer<typeof accountObject>
export type AdminKey = z.infer<typeof adminKeyObject>
export type ApiErrorBody = z.infer<typeof errorEnvelope>
export type AuditEntry = z.infer<typeof auditEntry>
export type Capabilities = z.infer<typeof capabilities>
export type Key = z.infer<typeof keyObject>
export type ModelObject = z.infer<typeof modelObject>
export type PromptCheck = z.infer<typeof promptCheck>
export type QueueObject = z.infer<typeof queueObject>
export type Session = z.infer<typeof session>
export type StorageObject = z.infer<typeof storageObject>
export type User = z.infer<typeof userObject>
export type VideoList = z.infer<typeof videoList>
export type WorkerObject = z.infer<typeof workerObject>
