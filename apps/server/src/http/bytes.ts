// Answers made of bytes: whole, in part, or only that they have not changed (RFC 9110, 13 and 14), as players and caches ask.

import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ServerError } from '../errors.ts'
import type { ByteRange } from '../storage/storage.ts'
import { namesTag, parseRange } from './range.ts'

export interface Bytes {
  /** Entity tag, with its quotes. */
  readonly tag: string
  readonly length: number
  /** Of every answer, that nothing has changed included. */
  readonly shared: Readonly<Record<string, string>>
  /** Of those that have bytes. */
  readonly headers: Readonly<Record<string, string>>
  /** Undefined when they are gone. */
  readonly read: (range: ByteRange | undefined) => Promise<Readable | undefined>
}

/**
 * What a handler gives back, with status and headers set: the bytes, null for none, undefined when they are gone (then nothing
 * is set). Throws ServerError (416) for a range that lies beyond.
 */
export async function answerBytes(
  { method, headers: asked }: FastifyRequest,
  reply: FastifyReply,
  { tag, length, shared, headers, read }: Bytes,
): Promise<Readable | null | undefined> {
  const always = { ...shared, etag: tag, 'accept-ranges': 'bytes' }
  if (namesTag(asked['if-none-match'], tag)) {
    void reply.status(304).headers(always)
    return null
  }
  const isWanted = method === 'GET' && (asked['if-range'] === undefined || asked['if-range'] === tag)
  const range = isWanted ? parseRange(asked.range, length) : undefined
  if (range === 'unsatisfiable') {
    void reply.header('content-range', `bytes */${length}`)
    throw new ServerError(`the file has ${length} bytes; the range lies beyond`, { status: 416, code: 'range_not_satisfiable' })
  }
  // A stream for HEAD as well: of anything else, Fastify tells the length itself.
  const bytes = method === 'HEAD' ? Readable.from([]) : await read(range)
  if (!bytes) return undefined
  void reply.headers({ ...always, ...headers, 'content-length': range ? range.end - range.start + 1 : length })
  if (range) void reply.status(206).header('content-range', `bytes ${range.start}-${range.end}/${length}`)
  return bytes
}
