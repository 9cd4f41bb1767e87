// Passwords as argon2id hashes, in its own encoding. Not here: who may try how often (throttle.ts). A hash takes 19 MiB
// and tens of milliseconds of one of the few threads that files are read with as well, so only two are made at a time.
// Parameters: OWASP's Password Storage Cheat Sheet.

import { hash, verify } from '@node-rs/argon2'
import { ServerError } from '../errors.ts'
import { newSecret } from '../ids.ts'

/** Of argon2id, which is the package's own choice where none is named. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 }
const AT_ONCE = 2
const MOST_WAITING = 50

let running = 0
const waiting: (() => void)[] = []
let decoy: Promise<string> | undefined

/** Rejects with ServerError (503) while too many others wait for the same. */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(typed(password), COST))
}

/**
 * Whether it is the password of this hash. Without a hash it never is, but takes the same time, so that nobody learns which accounts
 * exist. Rejects with ServerError (503) while too many others wait for the same.
 */
export async function isPassword(password: string, passwordHash: string | null | undefined): Promise<boolean> {
  const against = passwordHash ?? (await decoyHash())
  const same = await inTurn(() => verify(against, typed(password)))
  return same && typeof passwordHash === 'string'
}

/** The hash of a password that nobody has. Made once, before the first log-in, which would take twice as long otherwise. */
export function decoyHash(): Promise<string> {
  decoy ??= hash(newSecret(), COST)
  return decoy
}

/** Keyboards differ in how they compose the same letters. */
function typed(password: string): string {
  return password.normalize('NFKC')
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) await turn()
  else running++
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}

/** Resolves with the place of one that has ended. */
function turn(): Promise<void> {
  if (waiting.length >= MOST_WAITING)
    throw new ServerError('too many are logging in at the moment: try again in a few seconds', { status: 503, code: 'busy', retryAfter: 3 })
  return new Promise((resolve) => waiting.push(resolve))
}
