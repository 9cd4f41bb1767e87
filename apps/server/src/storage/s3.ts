// Videos in a bucket of S3, or of a server that speaks its protocol. A small file is one request with its SHA-256, which the
// server checks; a larger one goes in parts, which become an object all at once.

import { type FileHandle, open, readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { S3mini, type UploadPart } from 's3mini'
import { ServerError } from '../errors.ts'
import type { S3Address, S3Credentials } from './s3-address.ts'
import { call, callForMaybe, timedFetch, unavailable } from './s3-call.ts'
import { abortUploads } from './s3-uploads.ts'
import { type ByteRange, checkedKey, digestOf, isKey, type Storage, type StoredObject } from './storage.ts'

/** The least that S3 takes for a part is 5 MiB. */
const PART = 8 * 2 ** 20
const PAGE = 1000

interface S3Options extends S3Address, S3Credentials {
  /** For tests: milliseconds until an answer begins, and between tries. */
  readonly answerWithin?: number
  readonly waits?: readonly number[]
}

export function s3Storage({ answerWithin, waits, prefix, endpoint, region, ...keys }: S3Options): Storage {
  const { accessKeyId, secretAccessKey } = keys
  const s3 = new S3mini({ accessKeyId, secretAccessKey, endpoint, region, fetch: timedFetch(answerWithin) })
  const objectOf = (key: string) => `${prefix}${checkedKey(key)}`
  return {
    put: async (key, file, mediaType) => putFile(s3, objectOf(key), file, { mediaType, digest: digestOf(key), waits }),
    get: async (key, range) => getFile(s3, objectOf(key), range, waits),
    async size(key) {
      const object = objectOf(key)
      return callForMaybe(() => s3.getContentLength(object), waits)
    },
    async remove(key) {
      const object = objectOf(key)
      await callForMaybe(() => s3.deleteObject(object), waits)
    },
    list: () => listFiles(s3, prefix, waits),
    removeUnfinished: (before) => call(() => abortUploads(s3, prefix, before), waits),
    async probe() {
      await call(() => s3.putObject(`${prefix}kinora-probe`, 'kinora', 'text/plain'), waits)
      await call(() => s3.deleteObject(`${prefix}kinora-probe`), waits)
    },
  }
}

interface PutOptions {
  readonly mediaType: string
  readonly digest: string
  readonly waits: readonly number[] | undefined
}

async function putFile(s3: S3mini, object: string, file: string, options: PutOptions): Promise<void> {
  await using handle = await open(file, 'r')
  const { size } = await handle.stat()
  if (size > PART) return await putParts(s3, object, handle, { size, ...options })
  const bytes = await readFile(handle)
  const checksum = { 'x-amz-checksum-sha256': Buffer.from(options.digest, 'hex').toString('base64') }
  await call(() => s3.putObject(object, bytes, options.mediaType, undefined, checksum), options.waits)
}

async function putParts(
  s3: S3mini,
  object: string,
  file: FileHandle,
  { size, mediaType, waits }: PutOptions & { size: number },
): Promise<void> {
  const upload = await call(() => s3.getMultipartUploadId(object, mediaType), waits)
  try {
    const parts: UploadPart[] = []
    const buffer = Buffer.alloc(PART)
    for (let offset = 0; offset < size; offset += PART) {
      const part = await filled(file, buffer.subarray(0, Math.min(PART, size - offset)), offset)
      parts.push(await call(() => s3.uploadPart(object, upload, part, parts.length + 1), waits))
    }
    await call(() => s3.completeMultipartUpload(object, upload, parts), waits)
    // An answer that begins with success may still end with an error.
    if ((await call(() => s3.getContentLength(object), waits)) !== size) throw unavailable('did not keep the whole file')
  } catch (error) {
    await s3.abortMultipartUpload(object, upload).catch(() => {})
    throw error
  }
}

async function filled(file: FileHandle, buffer: Buffer, position: number): Promise<Buffer> {
  for (let done = 0; done < buffer.length; ) {
    const { bytesRead } = await file.read(buffer, done, buffer.length - done, position + done)
    if (bytesRead === 0) throw new ServerError('the file became shorter while it was stored', { status: 500, code: 'file_changed' })
    done += bytesRead
  }
  return buffer
}

async function getFile(s3: S3mini, object: string, range?: ByteRange, waits?: readonly number[]): Promise<Readable | undefined> {
  const response = await callForMaybe(
    () => (range ? s3.getObjectRaw(object, false, range.start, range.end + 1) : s3.getObjectRaw(object)),
    waits,
  )
  if (!response) return undefined
  if (range && response.status !== 206) {
    await response.body?.cancel()
    throw unavailable('does not know how to give a part of a file')
  }
  return response.body ? Readable.from(response.body, { objectMode: false }) : Readable.from([])
}

async function* listFiles(s3: S3mini, prefix: string, waits?: readonly number[]): AsyncGenerator<StoredObject> {
  let next: string | undefined
  do {
    const page = await call(() => s3.listObjectsPaged('/', prefix, PAGE, next), waits)
    if (!page) throw unavailable('has no such bucket; make it, or name another one')
    for (const { Key, Size, LastModified } of page.objects ?? []) {
      const key = Key.slice(prefix.length)
      if (Key.startsWith(prefix) && isKey(key)) yield { key, bytes: Size, changed: LastModified }
    }
    next = page.nextContinuationToken
  } while (next !== undefined)
}
