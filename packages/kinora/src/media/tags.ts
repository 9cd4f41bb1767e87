// The request of a video as text tags: JSON as the comment, the prompt as the title, and back. The
// object is the caller's and is stored as it is.

import { ArgumentError } from '../errors.ts'
import type { Tags } from './job.ts'

/** Fits a command line argument on every system that ffmpeg runs on but Windows, where the limit is about 32,000. */
const MAX_COMMENT_BYTES = 100_000

/** Tags for a request, none for `false` or undefined. Throws ArgumentError when it is no JSON or over 100,000 bytes. */
export function requestTags(metadata: Readonly<Record<string, unknown>> | false | undefined): Tags {
  if (metadata === undefined || metadata === false) return {}
  const comment = toJson(metadata)
  const bytes = new TextEncoder().encode(comment).length
  if (bytes > MAX_COMMENT_BYTES)
    throw new ArgumentError(`metadata is ${bytes} bytes of JSON: at most ${MAX_COMMENT_BYTES} fit into a video's tags`)
  const { prompt } = metadata
  return typeof prompt === 'string' && prompt !== '' ? { comment, title: prompt.replaceAll('\0', '').slice(0, 1000) } : { comment }
}

function toJson(metadata: Readonly<Record<string, unknown>>): string {
  try {
    const json: unknown = JSON.stringify(metadata)
    if (typeof json === 'string' && json.startsWith('{')) return json
    throw new TypeError('it is no object')
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new ArgumentError(`metadata cannot be written as JSON (${why}); use plain objects, strings and numbers`, { cause })
  }
}

/** The object in a comment, undefined when the comment is something else. */
export function parseRequest(comment: string | undefined): Record<string, unknown> | undefined {
  if (comment === undefined) return undefined
  try {
    const value: unknown = JSON.parse(comment)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
