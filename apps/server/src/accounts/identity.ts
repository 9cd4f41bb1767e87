// Who asks: what authenticate.ts finds out about a request, and what a route may demand of it.

import type { Scope } from '../db/values.ts'

export interface Identity {
  readonly userId: string
  readonly name: string
  readonly role: 'admin' | 'user'
  /** Of a browser's session, an API key, or nobody has to log in. */
  readonly via: 'session' | 'key' | 'none'
  /** What may be done; a session has all that its role has. */
  readonly scopes: ReadonlySet<Scope>
}
