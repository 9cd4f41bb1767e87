// Files of the built web application: in the form that the client takes best, as they lie there compressed, and under no name
// that leads elsewhere.

import { createReadStream, type Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { answerBytes } from './bytes.ts'

/** By extension; others are bytes that no browser runs. */
const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  ico: 'image/x-icon',
  jpg: 'image/jpeg',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  mp4: 'video/mp4',
  png: 'image/png',
  svg: 'image/svg+xml',
  wasm: 'application/wasm',
  webm: 'video/webm',
  webp: 'image/webp',
  woff2: 'font/woff2',
}

/** Made by apps/web/vite.config.ts; the smaller first. */
const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const

/** None is hidden or leads upwards. */
const NAME = /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/

interface Form {
  readonly file: string
  readonly info: Stats
  readonly encoding?: string
}

/** What a handler gives back for `name`, with status and headers set; undefined when there is no such file. */
export async function answerFile(
  request: FastifyRequest,
  reply: FastifyReply,
  { folder, name, cacheControl }: { readonly folder: string; readonly name: string; readonly cacheControl: string },
): Promise<Readable | null | undefined> {
  const form = NAME.test(name) ? await bestForm(path.join(folder, name), request) : undefined
  if (!form) return undefined
  const { file, info, encoding } = form
  return answerBytes(request, reply, {
    tag: `"${info.size.toString(36)}-${Math.trunc(info.mtimeMs).toString(36)}${encoding === undefined ? '' : `-${encoding}`}"`,
    length: info.size,
    shared: { 'cache-control': cacheControl, vary: 'accept-encoding' },
    headers: {
      'content-type': TYPES[path.extname(name).slice(1)] ?? 'application/octet-stream',
      ...(encoding !== undefined && { 'content-encoding': encoding }),
    },
    read: async (range) => createReadStream(file, { ...range }),
  })
}

/** Parts are of the file itself. */
async function bestForm(file: string, { headers }: FastifyRequest): Promise<Form | undefined> {
  const info = await fileInfo(file)
  if (!info || headers.range !== undefined) return info && { file, info }
  for (const [encoding, extension] of ENCODINGS) {
    if (!takes(headers['accept-encoding'], encoding)) continue
    const compressed = await fileInfo(file + extension)
    if (compressed) return { file: file + extension, info: compressed, encoding }
  }
  return { file, info }
}

function takes(header: string | string[] | undefined, encoding: string): boolean {
  return String(header ?? '')
    .split(',')
    .some((each) => new RegExp(`^\\s*${encoding}\\s*(;\\s*q=(?!0(\\.0*)?\\s*$)|$)`, 'i').test(each))
}

async function fileInfo(file: string): Promise<Stats | undefined> {
  const info = await stat(file).catch(() => undefined)
  return info?.isFile() ? info : undefined
}
