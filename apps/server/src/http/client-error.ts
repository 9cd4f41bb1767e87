// Answers to what is no HTTP request, or does not become one in time: written to the bare connection, since there is no
// request that Fastify could answer.

import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyBaseLogger } from 'fastify'
import { newId } from '../ids.ts'
import type { ErrorEnvelope } from './errors.ts'

const KNOWN: Readonly<Record<string, readonly [status: number, code: string, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'request_timeout', 'the request did not arrive in time'],
  HPE_HEADER_OVERFLOW: [431, 'headers_too_large', 'the headers of the request are too large'],
}

export function answerClientError({ code = '' }: NodeJS.ErrnoException, socket: Socket, log: FastifyBaseLogger): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, name, message] = KNOWN[code] ?? [400, 'invalid_http', 'this is no HTTP request']
  const request = newId('req')
  log.debug({ request, status, code }, 'refused what is no request')
  const body = JSON.stringify({ error: { message, type: 'invalid_request_error', param: null, code: name } } satisfies ErrorEnvelope)
  const headers = { connection: 'close', 'content-type': 'application/json', 'content-length': body.length, 'x-request-id': request }
  const lines = Object.entries(headers).map(([header, value]) => `${header}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`, () => socket.destroy())
}
