// A small application with one route that takes forms: the edge is real, over HTTP.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fastify from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { configSchema } from '../config/config.ts'
import { acceptForms, readForm } from './body.ts'
import { answerError, type ErrorEnvelope } from './errors.ts'

const data = mkdtempSync(path.join(tmpdir(), 'kinora-body-'))
const uploads = path.join(data, 'uploads')
const LARGEST = 200_000
const config = configSchema.parse({ data, limits: { uploadBytes: LARGEST } })
const app = fastify({ bodyLimit: 1000 }).withTypeProvider<ZodTypeProvider>()
const form = { fields: z.object({}), files: ['video', 'input_reference'] }
let release = Promise.withResolvers<void>()
let url = ''

beforeAll(async () => {
  app.setErrorHandler(answerError)
  const left = path.join(uploads, 'left')
  mkdirSync(left, { recursive: true })
  utimesSync(left, 1, 1)
  await acceptForms(app, config)
  app.post('/form', { config: { access: 'public', form } }, async (request) => {
    const { fields, files } = await readForm(request)
    const { wait, ...others } = fields
    if (wait === 'yes') await release.promise
    const seen = Object.entries(files).map(([name, file]) => [name, { ...file, digest: digestOf(readFileSync(file.path)) }])
    return { fields: others, files: Object.fromEntries(seen) as object }
  })
  app.post('/plain', { config: { access: 'public' } }, async (request) => readForm(request))
  url = await app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await app.close()
  rmSync(data, { recursive: true, force: true })
})

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const send = (entries: readonly (readonly [string, string | Blob, string?])[], to = '/form') => {
  const body = new FormData()
  for (const [name, value, filename] of entries) {
    if (typeof value === 'string') body.append(name, value)
    else body.append(name, value, filename)
  }
  return fetch(url + to, { method: 'POST', body })
}
const sendJson = (body: string, type = 'application/json') =>
  fetch(`${url}/form`, { method: 'POST', body, headers: { 'content-type': type } })
const errorIn = async (response: Response) => ({ status: response.status, ...((await response.json()) as ErrorEnvelope).error })
const nothingLeft = () => vi.waitFor(() => expect(readdirSync(uploads)).toEqual([]))

test('what a killed process left behind is gone', () => {
  expect(existsSync(path.join(uploads, 'left'))).toBe(false)
})

describe('a form', () => {
  test('its fields as JSON would have them, and its files until it is answered', async () => {
    const bytes = new Uint8Array(100_000).map((_, i) => i % 251)
    const response = await send([
      ['prompt', 'a panda \u{1f43c}'],
      ['lora[][name]', 'x'],
      ['lora[][scale]', '0.5'],
      ['video', new Blob([bytes], { type: 'video/mp4' }), '../../etc/passwd'],
    ])
    const { fields, files } = (await response.json()) as { fields: object; files: { video: { path: string } } }
    expect(fields).toEqual({ prompt: 'a panda \u{1f43c}', lora: [{ name: 'x', scale: '0.5' }] })
    expect(files.video).toMatchObject({ bytes: 100_000, mediaType: 'video/mp4', digest: digestOf(bytes) })
    expect(files.video.path).toMatch(new RegExp(`^${uploads}/[\\w-]+/[\\w-]+$`))
    await nothingLeft()
  })

  test('two files, one of them empty', async () => {
    const response = await send([
      ['video', new Blob([]), 'a'],
      ['input_reference', new Blob(['x']), 'b'],
    ])
    expect(await response.json()).toMatchObject({ files: { video: { bytes: 0 }, input_reference: { bytes: 1 } } })
  })

  test('a part that is JSON', async () => {
    const body = [
      '--b',
      'content-disposition: form-data; name="lora"',
      'content-type: application/json',
      '',
      '[{"name":"x"}]',
      '--b--',
      '',
    ].join('\r\n')
    const response = await sendJson(body, 'multipart/form-data; boundary=b')
    expect(await response.json()).toEqual({ fields: { lora: [{ name: 'x' }] }, files: {} })
  })

  test('an empty one', async () => {
    expect(await (await send([])).json()).toEqual({ fields: {}, files: {} })
  })

  test.each<[string, [string, string | Blob, string?][], object]>([
    [
      'a file that is too large',
      [['video', new Blob([new Uint8Array(LARGEST + 1)]), 'a']],
      { status: 413, code: 'upload_too_large', param: 'video' },
    ],
    ['a file where none is taken', [['prompt', new Blob(['x']), 'a']], { status: 400, code: 'invalid_form', param: 'prompt' }],
    [
      'the same file twice',
      [
        ['video', new Blob(['x']), 'a'],
        ['video', new Blob(['y']), 'b'],
      ],
      { status: 400, code: 'invalid_form' },
    ],
    [
      'a field as file and text',
      [
        ['video', 'x'],
        ['video', new Blob(['y']), 'b'],
      ],
      { status: 400, code: 'invalid_form' },
    ],
    ['a text that is too long', [['prompt', 'x'.repeat(2_000_000)]], { status: 413, code: 'upload_too_large', param: 'prompt' }],
    ['many texts that are', Array.from({ length: 8 }, (_, i) => [`p${i}`, 'x'.repeat(200_000)]), { status: 413, code: 'upload_too_large' }],
    ['too many fields', Array.from({ length: 300 }, (_, i) => [`f${i}`, 'x']), { status: 413, code: 'form_too_large' }],
    ['too many files', Array.from({ length: 6 }, () => ['video', new Blob(['x']), 'a']), { status: 400 }],
    ['a name of Object.prototype', [['__proto__', 'x']], { status: 400 }],
    [
      'half a surrogate pair cannot be in UTF-8, but U+0000 can',
      [['prompt', 'a\0b']],
      { status: 400, code: 'invalid_text', param: 'prompt' },
    ],
  ])('refuses %s', async (_, entries, expected) => {
    expect(await errorIn(await send(entries))).toMatchObject(expected)
    await nothingLeft()
  })

  test('one that ends too early or has no boundary', async () => {
    const body = '--b\r\ncontent-disposition: form-data; name="video"; filename="a"\r\n\r\ndata'
    expect(await errorIn(await sendJson(body, 'multipart/form-data; boundary=b'))).toMatchObject({
      status: 400,
      type: 'invalid_request_error',
    })
    expect(await errorIn(await sendJson(body, 'multipart/form-data'))).toMatchObject({ status: 400 })
    await nothingLeft()
  })

  test('files go when the client leaves: before the form is whole, and before it is answered', async () => {
    const { port } = new URL(url)
    const head = (bytes: number) =>
      `POST /form HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: ${bytes}\r\n\r\n`
    const part = '--b\r\ncontent-disposition: form-data; name="video"; filename="a"\r\n\r\ndata\r\n'
    const wait = '--b\r\ncontent-disposition: form-data; name="wait"\r\n\r\nyes\r\n--b--\r\n'
    for (const sent of [head(10_000) + part + 'y'.repeat(500), head(part.length + wait.length) + part + wait]) {
      release = Promise.withResolvers()
      const socket = connect(Number(port), '127.0.0.1').on('error', () => {})
      socket.write(sent)
      await vi.waitFor(() => expect(readdirSync(uploads)).toHaveLength(1))
      socket.destroy()
      await nothingLeft()
      release.resolve()
    }
  })

  test('a route that takes none refuses files', async () => {
    expect(await errorIn(await send([['video', new Blob(['x']), 'a']], '/plain'))).toMatchObject({ status: 400, code: 'invalid_form' })
  })
})

describe('JSON', () => {
  test('as it is, with room for a data URL', async () => {
    const image_url = `data:image/png;base64,${'A'.repeat(150_000)}`
    const response = await sendJson(JSON.stringify({ input_reference: { image_url } }))
    expect(await response.json()).toEqual({ fields: { input_reference: { image_url } }, files: {} })
  })

  test.each([
    ['a list', '[]', { status: 400, code: 'invalid_body' }],
    ['null', 'null', { status: 400, code: 'invalid_body' }],
    ['half of one', '{"a":', { status: 400, code: 'invalid_json' }],
    ['nothing', '', { status: 400, code: 'invalid_json' }],
    ['__proto__', '{"__proto__": {"x": 1}}', { status: 400 }],
    ['half a surrogate pair', '{"prompt": "\\ud800"}', { status: 400, code: 'invalid_text', param: 'prompt' }],
    ['too much', `{"prompt": "${'x'.repeat(2_000_000)}"}`, { status: 413, code: 'body_too_large' }],
  ])('refuses %s', async (_, body, expected) => {
    expect(await errorIn(await sendJson(body))).toMatchObject(expected)
  })

  test('refuses other kinds of bodies', async () => {
    expect(await errorIn(await sendJson('a=1', 'application/x-www-form-urlencoded'))).toMatchObject({
      status: 415,
      code: 'unsupported_media_type',
    })
    expect(await errorIn(await fetch(`${url}/form`, { method: 'POST' }))).toMatchObject({ status: 400, code: 'invalid_body' })
  })
})
