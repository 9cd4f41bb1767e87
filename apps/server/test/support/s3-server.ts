// A server that speaks as much of S3 as Kinora uses, in memory, for tests. It computes every request's signature anew (AWS's
// "Signature Version 4", from its documentation) and refuses what does not agree, and can be told to fail.

import { createHash, createHmac, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Kept {
  bytes: Buffer
  mediaType: string
  changed: Date
}

export interface S3TestServer {
  readonly port: number
  /** `s3://...` of its one bucket. */
  readonly url: string
  readonly objects: Map<string, Kept>
  readonly uploads: Map<string, { key: string; begun: Date; mediaType: string; parts: Map<number, Buffer> }>
  /** Method and path of every request. */
  readonly requests: string[]
  /** Asked before each request; a number is answered as an error, 'silence' never, 'cut' breaks the connection within the body. */
  fault: ((request: IncomingMessage) => number | 'silence' | 'cut' | undefined) | undefined
  close(): Promise<void>
}

export const S3_KEYS = { accessKeyId: 'AKIDTEST', secretAccessKey: 'secret/of+the+test' }
const BUCKET = 'videos'
const PAGE = 3

/** One at a time is enough; `close` ends it. */
export async function startS3(): Promise<S3TestServer> {
  const server = createServer((request, response) => {
    self.requests.push(`${request.method} ${request.url}`)
    const fault = self.fault?.(request)
    if (fault !== 'silence') void respond(self, request, response, fault).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const self: S3TestServer = {
    port,
    url: `s3://${BUCKET}/some/where?endpoint=http://127.0.0.1:${port}`,
    objects: new Map(),
    uploads: new Map(),
    requests: [],
    fault: undefined,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return self
}

interface Reply {
  readonly status: number
  readonly headers?: OutgoingHttpHeaders
  readonly body?: Buffer | string
}

async function respond(s3: S3TestServer, request: IncomingMessage, response: ServerResponse, fault?: number | 'cut'): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const reply = typeof fault === 'number' ? failure(fault, 'InternalError') : answer(s3, request, Buffer.concat(chunks))
  const { status, body = '', headers } = reply
  response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers })
  if (fault === 'cut') response.write(body.slice(0, body.length / 2), () => response.destroy())
  else response.end(request.method === 'HEAD' ? undefined : body)
}

function answer(s3: S3TestServer, request: IncomingMessage, body: Buffer): Reply {
  const url = new URL(request.url!, 'http://s3')
  if (request.headers.authorization !== signatureOf(request, url)) return failure(403, 'SignatureDoesNotMatch')
  const [, bucket, ...rest] = url.pathname.split('/')
  if (bucket !== BUCKET) return failure(404, 'NoSuchBucket')
  const key = decodeURIComponent(rest.join('/'))
  const query = url.searchParams
  if (key === '') return query.has('uploads') ? listUploads(s3) : list(s3, query)
  if (query.has('uploads') || query.has('uploadId')) return parts(s3, request, { key, query, body })
  if (request.method === 'PUT') return put(s3, request, { key, body })
  if (request.method === 'DELETE') {
    s3.objects.delete(key)
    return { status: 204 }
  }
  return give(request, s3.objects.get(key))
}

function give({ headers }: IncomingMessage, kept?: Kept): Reply {
  if (!kept) return failure(404, 'NoSuchKey')
  const range = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '')
  const body = range ? kept.bytes.subarray(Number(range[1]), Number(range[2]) + 1) : kept.bytes
  return { status: range ? 206 : 200, headers: { 'content-type': kept.mediaType }, body }
}

function put(s3: S3TestServer, { headers }: IncomingMessage, { key, body }: { key: string; body: Buffer }): Reply {
  const checksum = headers['x-amz-checksum-sha256']
  if (checksum !== undefined && checksum !== createHash('sha256').update(body).digest('base64')) return failure(400, 'BadDigest')
  s3.objects.set(key, { bytes: body, mediaType: headers['content-type'] ?? '', changed: new Date() })
  return { status: 200, headers: { etag: '"1"' } }
}

function parts(
  s3: S3TestServer,
  { method, headers }: IncomingMessage,
  { key, query, body }: { key: string; query: URLSearchParams; body: Buffer },
): Reply {
  if (method === 'POST' && query.has('uploads')) {
    const id = randomUUID()
    s3.uploads.set(id, { key, begun: new Date(), mediaType: headers['content-type'] ?? '', parts: new Map() })
    return xml(`<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`)
  }
  const id = query.get('uploadId')!
  const upload = s3.uploads.get(id)
  if (upload?.key !== key) return failure(404, 'NoSuchUpload')
  if (method === 'PUT') {
    const number = Number(query.get('partNumber'))
    upload.parts.set(number, body)
    return { status: 200, headers: { etag: `"part${number}"` } }
  }
  s3.uploads.delete(id)
  if (method === 'DELETE') return { status: 204 }
  const named = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber>\s*<ETag>"?part(\d+)"?<\/ETag>/g)]
  const bytes = Buffer.concat(named.map(([, number]) => upload.parts.get(Number(number))!))
  s3.objects.set(key, { bytes, mediaType: upload.mediaType, changed: new Date() })
  return xml('<CompleteMultipartUploadResult><ETag>"1"</ETag></CompleteMultipartUploadResult>')
}

function list(s3: S3TestServer, query: URLSearchParams): Reply {
  const keys = [...s3.objects.keys()].filter((key) => key.startsWith(query.get('prefix') ?? '')).sort()
  const from = Number(query.get('continuation-token') ?? 0)
  const contents = keys.slice(from, from + PAGE).map((key) => {
    const { bytes, changed } = s3.objects.get(key)!
    return `<Contents><Key>${key}</Key><LastModified>${changed.toISOString()}</LastModified><Size>${bytes.length}</Size></Contents>`
  })
  const more = from + PAGE < keys.length
  const next = more ? `<NextContinuationToken>${from + PAGE}</NextContinuationToken>` : ''
  return xml(`<ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`)
}

function listUploads(s3: S3TestServer): Reply {
  const uploads = [...s3.uploads].map(
    ([id, { key, begun }]) => `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${begun.toISOString()}</Initiated></Upload>`,
  )
  return xml(`<ListMultipartUploadsResult><Bucket>${BUCKET}</Bucket>${uploads.join('')}</ListMultipartUploadsResult>`)
}

function xml(text: string, status = 200): Reply {
  return { status, headers: { 'content-type': 'application/xml' }, body: `<?xml version="1.0" encoding="UTF-8"?>\n${text}` }
}

function failure(status: number, code: string): Reply {
  return xml(`<Error><Code>${code}</Code><Message>${code}</Message><AWSAccessKeyId>${S3_KEYS.accessKeyId}</AWSAccessKeyId></Error>`, status)
}

/** The Authorization header that the request should have. */
function signatureOf({ method, headers }: IncomingMessage, url: URL): string {
  const [, day = '', region = '', signed = ''] =
    /Credential=[^/]+\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+),/.exec(headers.authorization ?? '') ?? []
  // What says something about the object has to be signed.
  if (!Object.keys(headers).every((name) => !name.startsWith('x-amz-') || signed.split(';').includes(name))) return ''
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
  const query = [...url.searchParams].map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).sort()
  const lines = signed.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`)
  const request = [method, url.pathname, query.join('&'), lines.join(''), signed, headers['x-amz-content-sha256']].join('\n')
  const scope = `${day}/${region}/s3/aws4_request`
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, createHash('sha256').update(request).digest('hex')].join('\n')
  const key = ['s3', 'aws4_request'].reduce(hmac, hmac(hmac(`AWS4${S3_KEYS.secretAccessKey}`, day), region))
  const signature = createHmac('sha256', key).update(text).digest('hex')
  return `AWS4-HMAC-SHA256 Credential=${S3_KEYS.accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`
}
