// Files that come in forms: each request has a folder of its own, which is removed when its answer has gone out, or
// nobody waits for that any more.

import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import type { App } from '../app-type.ts'
import type { Config } from '../config/config.ts'
import { ServerError } from '../errors.ts'
import { newSecret } from '../ids.ts'

/** A file of a form, on this machine until the request has been answered. */
export interface UploadedFile {
  readonly path: string
  /** As the client calls it: for people, never for a path. */
  readonly filename: string
  readonly bytes: number
  /** As the client says; the bytes may be something else. */
  readonly mediaType: string
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Where its files are, of routes with `config.form`; the first file makes the folder. */
    uploads: { readonly folder: string; over: boolean } | null
  }
}

const LEFT_BEHIND_MS = 3_600_000
const MOST_NAME = 80

export function keepUploads(app: App, { data }: Config): void {
  const uploads = path.join(data, 'uploads')
  app.decorateRequest('uploads', null)
  app.addHook('onRequest', async (request, reply) => {
    if (!request.routeOptions.config.form) return
    const state = { folder: path.join(uploads, newSecret()), over: false }
    request.uploads = state
    reply.raw.once('close', () => {
      state.over = true
      remove(state.folder).catch((err: unknown) => request.log.warn({ err }, 'an upload was not removed'))
    })
  })
  app.addHook('onReady', () => removeLeftBehind(uploads))
}

/** A part of a form as a file. Throws ServerError where the route takes none there, and for one that is too large. */
export async function receiveFile({ uploads, routeOptions }: FastifyRequest, part: MultipartFile): Promise<UploadedFile> {
  const { fieldname, filename, mimetype, file } = part
  if (!uploads || !routeOptions.config.form?.files?.includes(fieldname)) {
    file.resume()
    const param = fieldname.slice(0, MOST_NAME)
    throw new ServerError(`the field ${JSON.stringify(param)} takes no file`, { status: 400, code: 'invalid_form', param })
  }
  const place = path.join(uploads.folder, newSecret())
  try {
    await mkdir(uploads.folder, { recursive: true, mode: 0o700 })
    await pipeline(file, createWriteStream(place, { mode: 0o600 }))
  } finally {
    if (uploads.over) await remove(uploads.folder)
  }
  if (file.truncated) throw tooLarge(fieldname, file.bytesRead)
  return { path: place, filename, bytes: file.bytesRead, mediaType: mimetype }
}

export function tooLarge(field: string, bytes: number): ServerError {
  const param = field.slice(0, MOST_NAME)
  const message = `the field ${JSON.stringify(param)} is too large: at most ${bytes} bytes are taken`
  return new ServerError(message, { status: 413, code: 'upload_too_large', param })
}

function remove(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true })
}

/** Of processes that were killed: nothing is received for so long. */
async function removeLeftBehind(uploads: string): Promise<void> {
  for (const name of await readdir(uploads).catch(() => [])) {
    const place = path.join(uploads, name)
    const changed = (await stat(place).catch(() => undefined))?.mtimeMs ?? Number.POSITIVE_INFINITY
    if (Date.now() - changed > LEFT_BEHIND_MS) await remove(place)
  }
}
