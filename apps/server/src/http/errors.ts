// Every refusal and failure as OpenAI's error envelope, whoever threw it: the service (ServerError), a schema (zod),
// Fastify and its plugins, the library, or a bug. What a client did not cause is logged, and answered without details.

import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { ArgumentError, MediaError } from 'kinora'
import { z } from 'zod'
import { ServerError } from '../errors.ts'

const TYPES = ['invalid_request_error', 'authentication_error', 'permission_error', 'rate_limit_error', 'server_error'] as const

export const errorEnvelope = z
  .object({
    error: z.object({
      message: z.string().describe('a sentence for people'),
      type: z.enum(TYPES),
      param: z.string().nullable().describe('the field of the request that is at fault'),
      code: z.string().nullable().describe('for programs: stable, lower case'),
    }),
  })
  .meta({ id: 'Error' })

export type ErrorEnvelope = z.infer<typeof errorEnvelope>

/** Of every route: `response: { 200: ..., ...errorResponses }`. The document leaves out those that a route cannot give. */
export const errorResponses = {
  400: errorEnvelope,
  401: errorEnvelope,
  403: errorEnvelope,
  404: errorEnvelope,
  409: errorEnvelope,
  410: errorEnvelope,
  413: errorEnvelope,
  415: errorEnvelope,
  429: errorEnvelope,
  500: errorEnvelope,
  503: errorEnvelope,
} as const

/** Codes of Fastify's and its plugins' own errors, in this API's words. */
const CODES: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_JSON_BODY: 'invalid_json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid_json',
  FST_ERR_BAD_URL: 'invalid_url',
  FST_ERR_MAX_PARAM_LENGTH: 'not_found',
  FST_PARTS_LIMIT: 'form_too_large',
  FST_FILES_LIMIT: 'form_too_large',
  FST_FIELDS_LIMIT: 'form_too_large',
  FST_PROTO_VIOLATION: 'invalid_form',
  FST_INVALID_MULTIPART_CONTENT_TYPE: 'invalid_form',
  FST_INVALID_JSON_FIELD_ERROR: 'invalid_form',
}

/** And what this API does not tell apart: a name that is too long names nothing, a part of a form is part of the request. */
const STATUSES: Readonly<Record<number, number>> = { 406: 400, 414: 404 }

/** For `setErrorHandler`, and for errors that Fastify finds before there is a route. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = toServerError(error)
  if (!known || known.cause !== undefined) request.log.error({ err: error }, 'the request failed')
  const { status, message, code, param, retryAfter } = known ?? internalError(request.id)
  if (retryAfter !== undefined) reply.header('retry-after', Math.max(1, Math.ceil(retryAfter)))
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  return reply
    .status(status)
    .header('x-request-id', request.id)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .serializer(JSON.stringify)
    .send({ error: { message, type: typeOf(status), param: param ?? null, code } } satisfies ErrorEnvelope)
}

/** What zod found wrong, as a refusal that names the first field at fault. */
export function invalidValue(error: z.core.$ZodError): ServerError {
  const [issue] = error.issues
  if (!issue) return new ServerError('the request is not valid', { status: 400, code: 'invalid_value' })
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path
  const param = path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? String(part) : `.${String(part)}`)).join('')
  const named = param.slice(0, 100)
  return new ServerError(`${named === '' ? 'the request' : JSON.stringify(named)}: ${reasonOf(issue)}`, {
    status: 400,
    code: issue.code === 'unrecognized_keys' ? 'unknown_parameter' : 'invalid_value',
    ...(named !== '' && { param: named }),
  })
}

/** A value as its schema has it; throws ServerError (400) otherwise. For bodies that Fastify does not validate itself. */
export function validated<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const { error, data } = schema.safeParse(value)
  if (error) throw invalidValue(error)
  return data
}

function reasonOf(issue: z.core.$ZodIssue): string {
  const { message } = issue
  if (issue.code === 'unrecognized_keys') return 'there is no such field'
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return lowerFirst(message)
  const reasons = issue.errors.flatMap(([first]) => (first ? [reasonOf(first)] : []))
  return [...new Set(reasons)].slice(0, 4).join(', or ')
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1)
}

function toServerError(error: unknown): ServerError | undefined {
  if (error instanceof ServerError) return error
  if (error instanceof ArgumentError || error instanceof MediaError)
    return new ServerError(error.message, { status: 400, code: 'invalid_value' })
  if (error instanceof z.core.$ZodError) return undefined // of an answer, not of a request: those are ServerErrors by now
  const { statusCode, code = '', message } = error as Partial<FastifyError>
  if (!(error instanceof Error) || statusCode === undefined || statusCode < 400 || statusCode >= 500) return undefined
  return new ServerError(message ?? '', { status: STATUSES[statusCode] ?? statusCode, code: CODES[code] ?? 'invalid_request' })
}

function internalError(requestId: string): ServerError {
  return new ServerError(`the service could not do this; its log says why, under the request ${requestId}`, {
    status: 500,
    code: 'internal_error',
  })
}

function typeOf(status: number): (typeof TYPES)[number] {
  if (status >= 500) return 'server_error'
  if (status === 401) return 'authentication_error'
  if (status === 403) return 'permission_error'
  return status === 429 ? 'rate_limit_error' : 'invalid_request_error'
}
