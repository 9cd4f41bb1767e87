// Bodies that come as JSON or as a multipart form, in one shape; form.ts has how a form's names nest, uploads.ts what
// becomes of its files.

import multipart, { type MultipartValue } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { App } from '../app-type.ts'
import type { Config } from '../config/config.ts'
import { ServerError } from '../errors.ts'
import { MOST_FIELDS, nestFields } from './form.ts'
import { checkTexts } from './text.ts'
import { keepUploads, receiveFile, tooLarge, type UploadedFile } from './uploads.ts'

export type { UploadedFile } from './uploads.ts'

export interface Form {
  readonly fields: Record<string, unknown>
  readonly files: Record<string, UploadedFile>
}

/** Of a route's `config`: its body may be JSON or a form. The document shows it as both; the route reads it with readForm. */
interface FormBody {
  /** Of JSON; in a form the same fields, as texts. */
  readonly fields: z.ZodType
  /** Fields that may be files, in a form. */
  readonly files?: readonly string[]
}

declare module 'fastify' {
  interface FastifyContextConfig {
    form?: FormBody
  }
}

const MOST_FILES = 4
/** What surrounds a data URL of the largest upload. */
const BODY_BYTES = 2 ** 20
const MOST_JSON_BYTES = 32 * 2 ** 20

/** Lets routes with `config.form` call readForm. */
export async function acceptForms(app: App, config: Config): Promise<void> {
  const textBytes = Math.min(Math.ceil((config.limits.uploadBytes * 4) / 3) + BODY_BYTES, MOST_JSON_BYTES)
  await app.register(multipart, {
    throwFileSizeLimit: false,
    limits: {
      fieldNameSize: 200,
      fieldSize: textBytes,
      fields: MOST_FIELDS,
      files: MOST_FILES,
      fileSize: config.limits.uploadBytes,
      parts: MOST_FIELDS + MOST_FILES,
    },
  })
  keepUploads(app, config)
  app.addHook('onRoute', (route) => {
    if (route.config?.form) route.bodyLimit ??= textBytes
  })
}

/** The body of a JSON request or of a form, in one shape. Throws ServerError for what is too large or malformed. */
export async function readForm(request: FastifyRequest): Promise<Form> {
  if (request.isMultipart()) {
    try {
      return await readParts(request)
    } catch (error) {
      throw isOurs(error) ? error : new ServerError('the form is malformed, or ended too early', { status: 400, code: 'invalid_form' })
    }
  }
  const { body } = request
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new ServerError('the body must be a JSON object or a multipart form', { status: 400, code: 'invalid_body' })
  checkTexts(body)
  return { fields: body as Record<string, unknown>, files: {} }
}

/** The parser's own errors are plain ones; refusals have a status, and those of the disk a number. */
function isOurs(error: unknown): boolean {
  return error instanceof Error && ('status' in error || 'statusCode' in error || 'errno' in error)
}

async function readParts(request: FastifyRequest): Promise<Form> {
  const values: [string, unknown][] = []
  const files = Object.create(null) as Record<string, UploadedFile>
  let room = request.routeOptions.bodyLimit
  for await (const part of request.parts()) {
    const name = part.fieldname
    if (name === undefined) throw new ServerError('a part of the form has no name', { status: 400, code: 'invalid_form' })
    if (part.type === 'file') {
      if (files[name]) throw new ServerError(`the form has the file ${JSON.stringify(name)} twice`, { status: 400, code: 'invalid_form' })
      files[name] = await receiveFile(request, part)
    } else {
      room -= sizeOf(part)
      if (part.valueTruncated || room < 0) throw tooLarge(name, request.routeOptions.bodyLimit)
      values.push([name, part.value])
    }
  }
  const fields = nestFields(values)
  checkTexts(fields)
  const both = Object.keys(files).find((name) => name in fields)
  if (both !== undefined)
    throw new ServerError(`the form has ${JSON.stringify(both)} as a file and as text`, { status: 400, code: 'invalid_form' })
  return { fields, files }
}

function sizeOf({ value }: MultipartValue): number {
  return typeof value === 'string' ? Buffer.byteLength(value) : JSON.stringify(value).length
}
