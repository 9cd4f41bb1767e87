// Where the bytes of videos lie. Keys are made by us (storageKey), never by users: a digest of the content, so that
// what is stored twice is there once and a key never means other bytes.

import type { Readable } from 'node:stream'

/** Of a file: first and last byte, both included. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

export interface Storage {
  /** Takes over a finished local file, whole or not at all. */
  put(key: string, file: string, mediaType: string): Promise<void>
  /** The bytes, or a range of them; undefined when there is no such file. */
  get(key: string, range?: ByteRange): Promise<Readable | undefined>
  /** Undefined when there is none. */
  size(key: string): Promise<number | undefined>
  remove(key: string): Promise<void>
  /** All keys with their sizes, in any order. */
  list(): AsyncIterable<{ key: string; bytes: number; changed: Date }>
}

const KEY = /^[0-9a-f]{64}\.[a-z0-9]{2,5}$/

/** Of content with this SHA-256, in a form with this file extension. */
export function storageKey(digest: string, extension: string): string {
  return checkedKey(`${digest}.${extension}`)
}

/** Throws RangeError for anything that is not a key: a key becomes part of a path or URL. */
export function checkedKey(key: string): string {
  if (!KEY.test(key)) throw new RangeError('that is no key of the storage')
  return key
}
