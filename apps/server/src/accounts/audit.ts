// The audit log: who did what to accounts and to other people's things, and from where. Never prompts, passwords, keys,
// or what somebody typed as a name, which now and then is a password.

import type { Database } from '../db/open.ts'
import { audit as auditTable } from '../db/schema.ts'

export interface AuditEntry {
  /** Null for nobody: a failed login, or the service itself. */
  readonly userId: string | null
  readonly action: string
  /** The user, key or video that it was done to. */
  readonly target?: string
  readonly address?: string
  readonly details?: Readonly<Record<string, string | number | boolean | null>>
}

/** Who does something that is written down. */
export interface Actor {
  readonly userId: string | null
  readonly address?: string
}

/** In the transaction of what is done, where there is one. */
export async function audit(db: Pick<Database, 'insert'>, entry: AuditEntry): Promise<void> {
  await db.insert(auditTable).values(entry)
}
