// Sessions of browsers: a random token in a cookie, its SHA-256 in the database. A script cannot read the cookie and no
// other site's form carries it; what changes something needs the CSRF token besides (csrf.ts).

import { and, eq, ne, sql } from 'drizzle-orm'
import type { FastifyRequest } from 'fastify'
import type { Config } from '../config/config.ts'
import { publicPath } from '../config/public-path.ts'
import type { Database } from '../db/open.ts'
import { sessions } from '../db/schema.ts'
import { newSecret, sha256 } from '../ids.ts'
import { announceAccount } from './news.ts'

const COOKIE = 'kinora_session'
/** A token is made of what a cookie may hold as it is (newSecret). */
const SENT = new RegExp(`(?:^|; *)${COOKIE}=([\\w-]{20,100}) *(?:;|$)`)

/** What the browser sends; undefined when it is nothing that could be a token. */
export function sessionToken({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  return SENT.exec(headers.cookie ?? '')?.[1]
}

/** The new session's token, for the cookie. */
export async function beginSession(tx: Database, config: Config, userId: string, address: string): Promise<string> {
  const token = newSecret()
  const expiresAt = sql`now() + make_interval(hours => ${config.sessionHours})` as never
  await tx.insert(sessions).values({ tokenHash: sha256(token), userId, address, expiresAt })
  return token
}

/** Whose it was. */
export async function endSession(tx: Database, token: string): Promise<string | undefined> {
  const [row] = await tx
    .delete(sessions)
    .where(eq(sessions.tokenHash, sha256(token)))
    .returning({ userId: sessions.userId })
  if (row) await announceAccount(tx, row.userId)
  return row?.userId
}

/** All of a user's, or all but the one with this token. */
export async function endSessions(tx: Database, userId: string, exceptToken?: string): Promise<void> {
  const others = exceptToken === undefined ? undefined : ne(sessions.tokenHash, sha256(exceptToken))
  await tx.delete(sessions).where(and(eq(sessions.userId, userId), others))
  await announceAccount(tx, userId)
}

/** Values of the header Set-Cookie. */
export function sessionCookie(config: Config, token: string): string {
  return cookie(config, token, config.sessionHours * 3600)
}

export function noSessionCookie(config: Config): string {
  return cookie(config, '', 0)
}

/** Only for the path below which browsers find the service: what else the host has does not get it. */
function cookie(config: Config, value: string, seconds: number): string {
  const secure = config.publicUrl?.startsWith('https:') ? '; Secure' : ''
  return `${COOKIE}=${value}; Max-Age=${seconds}; Path=${publicPath(config) || '/'}; HttpOnly; SameSite=Lax${secure}`
}
