// The contract: every operation of the service's own document is asked with requests made from its schemas, allowed ones
// and changed ones, on a running service. No answer may be a failure of ours, each has a documented status, and its body
// fits the documented schema.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { saveVideo, tensor } from 'kinora'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Answer, type Document, type Method, type Operation, operationsOf } from '../src/http/document.ts'
import { openApi } from '../src/http/operations.ts'
import { heartbeat } from '../src/queue/lost.ts'
import { completeJob } from '../src/queue/report.ts'
import { takeJob } from '../src/queue/take.ts'
import { storageKey } from '../src/storage/storage.ts'
import { announceModels } from '../src/worker/describe.ts'
import { allowed, changed, type Hints, type Json } from './support/generate.ts'
import { startService, type TestService } from './support/service.ts'

/** Of each operation. */
const RUNS = Number(process.env.KINORA_CONTRACT_RUNS ?? 8)
/** The same requests each time, unless more are asked for. */
const SEED = process.env.KINORA_CONTRACT_RUNS === undefined ? { seed: 1 } : {}
/** Waits for a video to be made, and nobody makes any here: what counts is what is refused at once. */
const SYNC = 'createVideoSync'
const SYNC_MS = 400

interface Asked {
  readonly query: Record<string, Json>
  readonly path: Record<string, Json>
  readonly header: Record<string, Json>
  readonly body: { readonly form: boolean; readonly value: Json; readonly file: Uint8Array | null } | undefined
}

let service: TestService
let document: Document
let hints: Hints
const seen = new Map<string, Set<number>>()

beforeAll(async () => {
  service = await startService({ workers: 0, limits: { queued: 20, frames: 8, steps: 4 }, lostAfterSeconds: 3600 })
  document = openApi(service.running.app)
  await announce()
  hints = await firstThings()
})
afterAll(() => service?.close())

/** A model and its worker, as the worker itself would say. */
async function announce(): Promise<void> {
  const { db } = service.running.services
  const defaults = { width: 64, height: 64, num_frames: 4, num_inference_steps: 2, guidance_scale: 9, strength: 0.6, fps: 8 }
  const description = {
    name: 'tiny',
    title: 'Tiny',
    license: null,
    defaults,
    size_multiple: 8,
    scheduler: 'DDIMScheduler',
    loras: ['ghibli'],
  }
  await announceModels(db, [description])
  await heartbeat(db, { id: 'worker_1', name: 'one', device: 'cpu', models: ['tiny'] })
}

/** Something of each kind that paths and fields can name: videos that wait, run, are done, have failed; a user; a key. */
async function firstThings(): Promise<Hints> {
  const { db, storage } = service.running.services
  const create = async () => ((await (await service.fetch('/v1/videos', { body: { prompt: 'a panda' } })).json()) as { id: string }).id
  const ids: string[] = []
  for (let i = 0; i < 5; i++) ids.push(await create())
  const done = (await takeJob(db, 'worker_1', ['tiny']))!
  const file = path.join(service.folder, 'panda.mp4')
  await saveVideo(tensor('float32', [4, 32, 32, 3], new Float32Array(4 * 32 * 32 * 3).fill(0.5)), file)
  const bytes = readFileSync(file)
  const digest = createHash('sha256').update(bytes).digest('hex')
  await storage.put(storageKey(digest, 'mp4'), file, 'video/mp4')
  await completeJob(db, done, { video: { key: storageKey(digest, 'mp4'), bytes: bytes.length, mediaType: 'video/mp4', digest } }, undefined)
  await takeJob(db, 'worker_1', ['tiny'])
  const user = await service.addUser('ann')
  return {
    id: [...ids, user.id, 'none'],
    after: [...ids, null],
    ids: [[ids[1]!, 'none'], [ids[2]!], []],
    search: ['panda', '% _'],
    model: ['tiny', 'sora-2', 'none'],
    prompt: ['a panda', 'ein Fuchs', '\u4e00'],
    width: [64, 32, 63],
    height: [64, 32],
    size: ['64x64', '32x48', '0x0', 'x'],
    seconds: [1, '1', 0.5],
    num_frames: [1, 4, 8, 9],
    fps: [8, 0, 30],
    num_inference_steps: [1, 2, 4, 5],
    guidance_scale: [1, 9, -1],
    seed: [-1, 0, 2 ** 53 - 1],
    strength: [0.5, 1],
    scheduler: ['ddim', 'DPMSolverMultistepScheduler', 'none'],
    lora: ['ghibli', ['ghibli'], [{ name: 'ghibli', scale: 0.5 }]],
    priority: [0, 1],
    overlap: [1, 2],
    scope: ['all', 'waiting'],
    video: [{ id: ids[0]! }, { id: 'none' }],
    'idempotency-key': ['one', 'two'],
    range: ['bytes=0-9'],
    role: ['user', 'admin'],
    password: ['long enough to be taken'],
    limit: [1, 20, 100],
  }
}

function requestOf({ parameters = [], requestBody }: Operation): fc.Arbitrary<Asked> {
  const part = (where: 'query' | 'path' | 'header') => {
    const own = parameters.filter((parameter) => parameter.in === where)
    const schema = {
      type: 'object',
      properties: Object.fromEntries(own.map(({ name, schema }) => [name, schema])),
      required: own.filter(({ required }) => required).map(({ name }) => name),
    }
    const good = allowed(schema, document, hints)
    return (
      where === 'path' ? good : fc.oneof({ weight: 3, arbitrary: good }, { weight: 1, arbitrary: changed(schema, document, hints) })
    ) as fc.Arbitrary<Record<string, Json>>
  }
  const json = requestBody?.content['application/json']?.schema
  const bodies =
    json && fc.oneof({ weight: 3, arbitrary: allowed(json, document, hints) }, { weight: 2, arbitrary: changed(json, document, hints) })
  const form = requestBody?.content['multipart/form-data'] ? fc.boolean() : fc.constant(false)
  const file = fc.oneof({ weight: 7, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 100 }) })
  const body = bodies ? fc.record({ form, value: bodies, file }) : fc.constant(undefined)
  return fc.record({ query: part('query'), path: part('path'), header: part('header'), body })
}

async function ask(at: string, method: Method, { query, path: names, header, body }: Asked, signal?: AbortSignal): Promise<Response> {
  const place = at.replace(/\{(\w+)\}/g, (_, name: string) => segment(names[name]))
  const search = new URLSearchParams(entriesOf(query).map(([name, value]): [string, string] => [name, written(value)])).toString()
  const headers = Object.fromEntries(entriesOf(header).flatMap(([name, value]) => (isToken(name) ? [[name, latin(written(value))]] : [])))
  return service.fetch(place + (search === '' ? '' : `?${search}`), {
    method: method.toUpperCase(),
    headers: { ...headers, ...(body && !body.form && { 'content-type': 'application/json' }) },
    ...(body && { body: body.form ? formOf(body.value, body.file) : jsonOf(body.value) }),
    ...(signal && { signal }),
  })
}

const entriesOf = (value: Json) => (typeof value === 'object' && value !== null ? Object.entries(value) : []) as [string, Json][]
const written = (value: Json | undefined) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
const latin = (value: string) => value.replace(/[^\x21-\x7e]/g, '?')
const isToken = (name: string) => /^[a-z][a-z-]*$/.test(name)
/** `.` and the empty one would be another path. */
const segment = (value: Json | undefined) => encodeURIComponent(written(value).toWellFormed()).replace(/^\.{0,2}$/, 'none')

/** With numbers that only JSON can say. */
const jsonOf = (value: Json) => JSON.stringify(value).replaceAll('1e+308', '1e999')

function formOf(value: Json, file: Uint8Array | null): FormData {
  const form = new FormData()
  const add = (name: string, inner: Json): void => {
    if (Array.isArray(inner)) for (const one of inner) add(`${name}[]`, one)
    else if (typeof inner === 'object' && inner !== null)
      for (const [key, one] of Object.entries(inner)) add(`${name}[${key}]`, one as Json)
    else form.append(name, written(inner))
  }
  for (const [name, inner] of entriesOf(typeof value === 'object' ? value : { value })) add(name, inner)
  if (file) form.append('video', new Blob([file.slice()]), 'video.mp4')
  return form
}

/** The documented schema as a zod type. */
function typeOf({ content = {} }: Answer): z.ZodType | undefined {
  const schema = content['application/json']?.schema
  if (!schema) return undefined
  const text = JSON.stringify({ ...schema, $defs: document.components.schemas }).replaceAll('#/components/schemas/', '#/$defs/')
  return z.fromJSONSchema(JSON.parse(text) as Parameters<typeof z.fromJSONSchema>[0])
}

async function check(at: string, operation: Operation, response: Response): Promise<void> {
  const { status, headers } = response
  const type = headers.get('content-type')?.split(';')[0] ?? ''
  expect(headers.get('x-request-id')).toMatch(/^req_/)
  const answer = operation.responses[status]
  if (type === 'text/event-stream') return response.body?.cancel()
  const text = await response.text()
  seen.set(at, (seen.get(at) ?? new Set()).add(status))
  expect(status, text).not.toBe(500)
  expect(Object.keys(operation.responses), text).toContain(String(status))
  const known = Object.keys(answer?.content ?? {})
  if (text !== '') expect(known).toContain(type)
  if (type === 'application/json') expect(typeOf(answer!)?.safeParse(JSON.parse(text)).error, text).toBeUndefined()
}

describe('the document', () => {
  test('describes every operation', () => {
    const operations = operationsOf(document)
    expect(operations.length).toBeGreaterThan(30)
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    const tags = document.tags.map(({ name }) => name)
    for (const { path: at, method, operation } of operations) {
      expect(operation, `${method} ${at}`).toMatchObject({
        operationId: expect.any(String) as string,
        summary: expect.any(String) as string,
      })
      expect(tags).toContain(operation.tags[0])
      expect(Object.keys(operation.responses).some((status) => status.startsWith('2'))).toBe(true)
      for (const { description } of Object.values(operation.responses)) expect(description).not.toBe('')
      for (const name of at.matchAll(/\{(\w+)\}/g)) expect(operation.parameters?.map((parameter) => parameter.name)).toContain(name[1])
    }
  })

  test('has every schema that it names, and no other', () => {
    const text = JSON.stringify(document.paths) + JSON.stringify(document.components.schemas)
    const named = new Set([...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name))
    expect(named).toEqual(new Set(Object.keys(document.components.schemas)))
  })
})

test(
  'every operation keeps to it, whatever it is asked',
  async () => {
    const failures: string[] = []
    for (const { path: at, method, operation } of operationsOf(document)) {
      const isSync = operation.operationId === SYNC
      const property = fc.asyncProperty(requestOf(operation), async (asked) => {
        try {
          await check(`${method} ${at}`, operation, await ask(at, method, asked, isSync ? AbortSignal.timeout(SYNC_MS) : undefined))
        } catch (error) {
          if (!(isSync && error instanceof Error && error.name === 'TimeoutError')) throw error
        }
      })
      const { failed, counterexample, errorInstance } = await fc.check(property, { numRuns: isSync ? 4 : RUNS, ...SEED })
      if (failed) failures.push(`${method} ${at} ${JSON.stringify(counterexample)}: ${String(errorInstance)}`)
      await service.fetch('/v1/queue/resume', { method: 'POST' })
    }
    expect(failures).toEqual([])
    // Not all requests were refused.
    for (const operation of ['get /v1/videos', 'post /v1/videos', 'get /v1/videos/{id}', 'post /v1/admin/users', 'get /v1/models'])
      expect(
        [...(seen.get(operation) ?? [])].some((status) => status < 300),
        operation,
      ).toBe(true)
  },
  60_000 + 10_000 * RUNS,
)
