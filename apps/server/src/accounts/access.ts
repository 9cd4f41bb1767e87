// What a route demands of who asks. Every route says it in its `config`, and one that does not is not registered
// (authenticate.ts), so that none is open by oversight.

import type { FastifyRequest } from 'fastify'
import type { Scope } from '../db/values.ts'
import { ServerError } from '../errors.ts'
import type { Identity } from './identity.ts'

/** `admin` is the role as well as, of a key, the scope; `signed-in` is anyone with an account. */
export type Access = 'public' | 'signed-in' | Scope

declare module 'fastify' {
  interface FastifyRequest {
    /** Null for nobody, which only public routes see. */
    identity: Identity | null
  }
  interface FastifyContextConfig {
    access?: Access
  }
}

/** Who asks, on a route that is not public. */
export function identityOf({ identity }: FastifyRequest): Identity {
  if (!identity) throw new ServerError('log in, or send an API key: Authorization: Bearer KEY', { status: 401, code: 'not_authenticated' })
  return identity
}

/** Who asks by a session: what decides over an account is not for its keys, nor for those who do not log in. */
export function sessionOf(request: FastifyRequest): Identity {
  const identity = identityOf(request)
  if (identity.via === 'session') return identity
  throw new ServerError('this is only for who is logged in with name and password', { status: 403, code: 'session_required' })
}
