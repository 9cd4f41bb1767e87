// Names and secrets. Both are random and say nothing of what they name; of a secret only its digest is stored, which needs no
// salt, since nobody can guess 256 bits.

import { createHash, randomBytes } from 'node:crypto'

/** `video_` and 24 letters and digits. */
export function newId(prefix: 'video' | 'user' | 'key' | 'worker' | 'req'): string {
  return `${prefix}_${randomBytes(18).toString('base64url').replaceAll('-', 'A').replaceAll('_', 'B')}`
}

/** 256 random bits, fit for a header, a cookie and a URL. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
