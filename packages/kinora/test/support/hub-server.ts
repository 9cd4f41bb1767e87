// A model hub for tests: two real HTTP servers, the hub itself and the other host to which it redirects for large files, as
// huggingface.co and its CDN. It answers what a listing and a download need, and misbehaves as it is told.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { etag, gitOid, LARGE, sha256 } from './hub-files.ts'

export interface HubRepo {
  commit: string
  /** Further names of the commit beside main. */
  refs?: readonly string[]
  files: Readonly<Record<string, Buffer>>
  /** Entries of the listing that no file stands behind. */
  extra?: readonly Record<string, unknown>[]
}

/** One request, as it arrived and as far as it was answered. */
interface Hit {
  server: 'hub' | 'cdn'
  method: string
  /** Of a file: its path in the repository. Else the path of the address. */
  path: string
  /** First byte that was asked for. */
  start: number
  authorization: string | undefined
  /** Bytes of the body given to the connection. */
  sent: number
}

export interface Fault {
  status?: number
  headers?: Record<string, string>
  /** Ends the connection after so many bytes of this answer. */
  cutAt?: number
  /** Gives nothing more after so many bytes, and leaves the connection open. */
  stallAt?: number
  ignoreRange?: boolean
  /** Content in place of the file's. */
  body?: Buffer
  /** Waits after each 64 KiB. */
  slowMs?: number
  /** Holds the content back until then. */
  until?: Promise<unknown>
}

export interface FakeHub {
  endpoint: string
  /** Address of the other host. */
  cdn: string
  hits: Hit[]
  repos: Record<string, HubRepo>
  /** Asked for each request; undefined lets it pass. */
  fault: (hit: Hit) => Fault | undefined
  /** Entries on a page of a listing. */
  pageSize: number
  /** Body bytes given for a file by either server. */
  sentFor(path: string): number
  close(): Promise<void>
}

const BLOCK = 64 * 1024

/** Starts both servers on free ports of this machine. */
export async function startHub(repos: Record<string, HubRepo>): Promise<FakeHub> {
  const hub: FakeHub = {
    endpoint: '',
    cdn: '',
    hits: [],
    repos,
    fault: () => undefined,
    pageSize: 1000,
    sentFor: (path) => hub.hits.filter((hit) => hit.path === path && hit.method === 'GET').reduce((sum, { sent }) => sum + sent, 0),
    close: async () => {
      await Promise.all([close(main), close(other)])
    },
  }
  const main = createServer((request, response) => void answerHub(hub, request, response))
  const other = createServer((request, response) => void answerCdn(hub, request, response))
  hub.endpoint = await listen(main, '127.0.0.1')
  // Another name too: for Python a host is another one by its name, not by its port.
  hub.cdn = await listen(other, 'localhost')
  return hub
}

async function listen(server: Server, host: string): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  return `http://${host}:${(server.address() as AddressInfo).port}`
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}

async function answerHub(hub: FakeHub, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', hub.endpoint)
  const api = /^\/api\/models\/([^/]+\/[^/]+)(?:\/(revision|tree)\/([^/]+))?$/.exec(url.pathname)
  const file = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(url.pathname)
  const path = decodeURIComponent(file?.[3] ?? url.pathname)
  const hit = record(hub, 'hub', request, path)
  const fault = hub.fault(hit) ?? {}
  if (fault.status !== undefined) return refuse(response, fault)
  const [, name = '', kind, revision = 'main'] = api ?? file ?? []
  const repo = hub.repos[name]
  if (!repo) return refuse(response, { status: 401, headers: { 'x-error-code': 'RepoNotFound' } })
  const known = ['main', repo.commit, ...(repo.refs ?? [])].includes(decodeURIComponent(file ? (file[2] ?? '') : revision))
  if (!known) return refuse(response, { status: 404, headers: { 'x-error-code': 'RevisionNotFound' } })
  if (api)
    return kind === 'tree'
      ? sendPage(hub, repo, url, response, fault)
      : sendJson(response, { id: name, sha: repo.commit, siblings: [] }, {}, fault)
  const bytes = repo.files[path]
  if (!bytes) return refuse(response, { status: 404, headers: { 'x-error-code': 'EntryNotFound', 'x-repo-commit': repo.commit } })
  response.setHeader('x-repo-commit', repo.commit)
  response.setHeader('etag', `"${etag(path, bytes)}"`)
  if (!LARGE.test(path)) return sendFile(request, response, bytes, hit, fault)
  response.setHeader('x-linked-etag', `"${sha256(bytes)}"`)
  response.setHeader('x-linked-size', String(bytes.length))
  response.writeHead(302, { location: `${hub.cdn}/${name}/${encodeURIComponent(path)}?signature=secret`, 'content-length': '0' }).end()
}

async function answerCdn(hub: FakeHub, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, owner = '', name = '', path = ''] = new URL(request.url ?? '/', hub.cdn).pathname.split('/').map(decodeURIComponent)
  const hit = record(hub, 'cdn', request, path)
  const fault = hub.fault(hit) ?? {}
  const bytes = hub.repos[`${owner}/${name}`]?.files[path]
  if (fault.status !== undefined || !bytes) return refuse(response, { status: 404, ...fault })
  return sendFile(request, response, bytes, hit, fault)
}

function record(hub: FakeHub, server: Hit['server'], request: IncomingMessage, path: string): Hit {
  const start = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
  const hit: Hit = { server, method: request.method ?? '', path, start, authorization: request.headers.authorization, sent: 0 }
  hub.hits.push(hit)
  return hit
}

function refuse(response: ServerResponse, { status = 500, headers = {} }: Fault): void {
  response.writeHead(status, { ...headers, 'content-length': '0' }).end()
}

function sendPage(hub: FakeHub, repo: HubRepo, url: URL, response: ServerResponse, fault: Fault): void {
  const files = Object.entries(repo.files).map(([path, bytes]) => ({
    type: 'file',
    path,
    size: bytes.length,
    oid: gitOid(bytes),
    ...(LARGE.test(path) ? { lfs: { oid: sha256(bytes), size: bytes.length, pointerSize: 134 } } : {}),
  }))
  const folders = [...new Set(files.map(({ path }) => path.split('/').slice(0, -1).join('/')))].filter((path) => path !== '')
  const entries = [
    ...folders.map((path) => ({ type: 'directory', path, size: 0, oid: gitOid(Buffer.from(path)) })),
    ...files,
    ...(repo.extra ?? []),
  ]
  const from = Number(url.searchParams.get('cursor') ?? 0)
  const next = new URL(url)
  next.searchParams.set('cursor', String(from + hub.pageSize))
  const link: Record<string, string> = from + hub.pageSize < entries.length ? { link: `<${next.href}>; rel="next"` } : {}
  sendJson(response, entries.slice(from, from + hub.pageSize), link, fault)
}

function sendJson(response: ServerResponse, value: unknown, headers: Record<string, string>, fault: Fault): void {
  const body = fault.body ?? Buffer.from(JSON.stringify(value))
  response.writeHead(200, { 'content-type': 'application/json', ...headers, 'content-length': body.length }).end(body)
}

async function sendFile(request: IncomingMessage, response: ServerResponse, bytes: Buffer, hit: Hit, fault: Fault): Promise<void> {
  const content = fault.body ?? bytes
  const ranged = request.headers.range !== undefined && fault.ignoreRange !== true
  if (ranged && hit.start >= content.length) return refuse(response, { status: 416 })
  const body = content.subarray(ranged ? hit.start : 0)
  const range: Record<string, string> = ranged ? { 'content-range': `bytes ${hit.start}-${content.length - 1}/${content.length}` } : {}
  response.writeHead(ranged ? 206 : 200, { 'content-length': body.length, 'accept-ranges': 'bytes', ...range })
  if (request.method === 'HEAD') return void response.end()
  await fault.until
  const end = Math.min(body.length, fault.cutAt ?? fault.stallAt ?? body.length)
  for (let at = 0; at < end && !response.destroyed; at += BLOCK) {
    const part = body.subarray(at, Math.min(end, at + BLOCK))
    hit.sent += part.length
    await new Promise((resolve) => response.write(part, resolve))
    if (fault.slowMs !== undefined) await setTimeout(fault.slowMs)
  }
  if (end === body.length) response.end()
  else if (fault.cutAt !== undefined) response.socket?.end()
}
