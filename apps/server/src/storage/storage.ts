// Where the bytes of videos lie. Keys are made by us (storageKey), never by users: a digest of the content, so that
// what is stored twice is there once and a key never means other bytes.

import type { Readable } from 'node:stream'

/** Of a file: first and last byte, both included. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

export interface StoredObject {
  readonly key: string
  readonly bytes: number
  /** When it was last put. */
  readonly changed: Date
}

/** Every method rejects with ServerError (`storage_...`) where the storage itself fails; its sentence names no path and no secret. */
export interface Storage {
  /** Copies a finished local file, whole or not at all; once it resolves, a loss of power does not take it away. Putting again what is there is allowed. */
  put(key: string, file: string, mediaType: string): Promise<void>
  /** The bytes, or a range of them that lies within the file; undefined when there is no such file. Whoever asks reads or destroys the stream. */
  get(key: string, range?: ByteRange): Promise<Readable | undefined>
  /** Undefined when there is none. */
  size(key: string): Promise<number | undefined>
  /** Removing what is not there is allowed. */
  remove(key: string): Promise<void>
  /** All keys, in any order; files that others laid beside them are not among them. */
  list(): AsyncIterable<StoredObject>
  /** Removes what puts left that began before then and never ended, and says how many. */
  removeUnfinished(before: Date): Promise<number>
  /** Writes something and takes it away again. */
  probe(): Promise<void>
}

const KEY = /^[0-9a-f]{64}\.[a-z0-9]{2,5}$/

/** Of content with this SHA-256, in a form with this file extension. */
export function storageKey(digest: string, extension: string): string {
  return checkedKey(`${digest}.${extension}`)
}

export function isKey(name: string): boolean {
  return KEY.test(name)
}

/** Throws RangeError for anything that is not a key: a key becomes part of a path or URL. */
export function checkedKey(key: string): string {
  if (!isKey(key)) throw new RangeError('that is no key of the storage')
  return key
}

/** The SHA-256 that a key names. */
export function digestOf(key: string): string {
  return checkedKey(key).slice(0, 64)
}
