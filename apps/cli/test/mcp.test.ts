// `kinora mcp` as an assistant's program starts it: the official client over standard input and output of a real process.

import { spawnSync } from 'node:child_process'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { type CallToolResult, CallToolResultSchema, type Progress } from '@modelcontextprotocol/sdk/types.js'
import { readMetadata } from 'kinora'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { VERSION } from '../src/version.ts'
import { contents, emptyFolder, MS, PROGRAM } from './support/cli.ts'

const SHORT = { num_inference_steps: 2, num_frames: 2, width: 64, height: 64 }
const LONG = { prompt: 'a cat', num_inference_steps: 150, num_frames: 8 }
const output = emptyFolder()
const problems: unknown[] = []
let client: Client

beforeAll(async () => {
  client = (await connect(['--output', output, '-m', MS]))[1]
})
afterAll(() => client.close())

async function connect(args: readonly string[]): Promise<[StdioClientTransport, Client]> {
  const started = new StdioClientTransport({
    command: process.execPath,
    args: [...PROGRAM, 'mcp', ...args],
    cwd: emptyFolder(),
    env: { ...(process.env as Record<string, string>), HF_HUB_OFFLINE: '1' },
    stderr: 'ignore',
  })
  const connected = new Client({ name: 'test', version: '1' })
  connected.onerror = (error) => void problems.push(error)
  await connected.connect(started)
  return [started, connected]
}

interface CallOptions {
  readonly signal?: AbortSignal
  readonly onprogress?: (progress: Progress) => void
}

async function call(name: string, args: Record<string, unknown> = {}, options: CallOptions = {}): Promise<CallToolResult> {
  return (await client.callTool({ name, arguments: args }, CallToolResultSchema, options)) as CallToolResult
}

async function refusal(name: string, args: Record<string, unknown>): Promise<string> {
  const { isError, content } = await call(name, args)
  expect(isError).toBe(true)
  const [first] = content
  return first?.type === 'text' ? first.text : ''
}

describe('the server', () => {
  test('says what it is and lists its tools with limits and annotations', async () => {
    expect(client.getServerVersion()).toMatchObject({ name: 'kinora', version: VERSION })
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(['generate_video', 'list_models', 'status', 'get_video_settings'])
    const [generate, ...others] = tools
    expect(generate).toMatchObject({
      annotations: { readOnlyHint: false, destructiveHint: false },
      inputSchema: {
        required: ['prompt'],
        additionalProperties: false,
        properties: { num_frames: { type: 'integer', minimum: 1, maximum: 200 }, width: { multipleOf: 8 }, format: { default: 'mp4' } },
      },
      outputSchema: { type: 'object' },
    })
    for (const { annotations } of others) expect(annotations).toMatchObject({ readOnlyHint: true })
  })

  test('lists models with their licences', async () => {
    const { structuredContent } = await call('list_models')
    expect(structuredContent).toMatchObject({ default: 'ms' })
    const { models } = structuredContent as { models: { name: string }[] }
    expect(models).toContainEqual(expect.objectContaining({ name: 'demo', available: true, license: 'apache-2.0' }))
    expect(models).toContainEqual(
      expect.objectContaining({
        name: 'ms-1.7b',
        available: false,
        license: 'cc-by-nc-4.0',
        how_to_get: expect.stringContaining('kinora models pull ms-1.7b') as string,
      }),
    )
  })
})

describe('generate_video', () => {
  test('writes a file of the demo model, tells each step, and answers a link to it', async () => {
    const told: Progress[] = []
    const prompt = 'a red circle growing / ../../on a black background'
    const result = await call('generate_video', { prompt, model: 'demo', seed: 3, ...SHORT }, { onprogress: (one) => told.push(one) })
    expect(result.isError, JSON.stringify(result.content)).toBeFalsy()
    const made = result.structuredContent as { path: string; uri: string; bytes: number }
    expect(made).toMatchObject({ model: 'demo', seed: 3, width: 64, num_frames: 2, fps: 8, num_inference_steps: 2, guidance_scale: 2 })
    expect(made.path).toBe(join(output, 'a-red-circle-growing-on-a-black-3.mp4'))
    expect(readFileSync(made.path).subarray(4, 8).toString()).toBe('ftyp')
    expect(await readMetadata(made.path)).toMatchObject({ prompt, seed: 3, model: '@kinora/demo-model', fps: 8 })
    const [text, link] = result.content
    expect(text).toMatchObject({ type: 'text', text: expect.stringContaining(made.path) as string })
    expect(link).toMatchObject({ type: 'resource_link', uri: pathToFileURL(made.path).href, mimeType: 'video/mp4', size: made.bytes })
    const values = told.map(({ progress }) => progress)
    expect(values).toEqual([...new Set(values)].toSorted((a, b) => a - b))
    expect(values.at(-1)).toBe(100)
    const messages = told.map(({ message }) => message?.split(',')[0])
    for (const message of ['denoising 1/2', 'denoising 2/2', 'encoding video']) expect(messages).toContain(message)
    const again = await call('generate_video', { prompt, model: 'demo', seed: 3, ...SHORT })
    expect(again.structuredContent).toMatchObject({ path: join(output, 'a-red-circle-growing-on-a-black-3-2.mp4') })
  })

  test('is told to stop: ends at once, leaves no file, and the next one works', async () => {
    const before = contents(output)
    const controller = new AbortController()
    let last = 0
    await new Promise<void>((resolve) => {
      const onprogress = ({ message = '', progress }: Progress) => {
        last = progress
        if (message.startsWith('denoising 2/')) resolve()
      }
      call('generate_video', LONG, { signal: controller.signal, onprogress }).catch(() => {})
    })
    const { structuredContent: busy } = await call('status')
    const running = { prompt: 'a cat', phase: 'denoising', total: 150 }
    expect(busy).toMatchObject({ running, waiting: 0, loaded_model: 'ms', device: 'cpu', output })
    controller.abort()
    await expect.poll(async () => (await call('status')).structuredContent, { timeout: 10_000 }).toMatchObject({ running: null })
    expect(last).toBeLessThan(50)
    const next = await call('generate_video', { prompt: 'a dog', format: 'gif', seed: 1, ...SHORT })
    expect(next.structuredContent).toMatchObject({ media_type: 'image/gif', model: 'ms' })
    expect(contents(output)).toEqual([...before, 'a-dog-1.gif'].toSorted())
    expect((await call('status')).structuredContent).toMatchObject({ running: null, waiting: 0, version: VERSION })
  })

  test('what is wrong is a sentence from which one can go on', async () => {
    expect(await refusal('generate_video', { prompt: 'a', model: 'none' })).toContain(`there is no model "none" here: take one of ms, demo`)
    expect(await refusal('generate_video', { prompt: 'a', model: 'zeroscope' })).toContain('kinora models pull zeroscope')
    expect(await refusal('generate_video', { prompt: 'a', scheduler: 'magic' })).toContain('magic')
    expect(await refusal('generate_video', { prompt: ' ' })).toContain('prompt')
    expect(await refusal('generate_video', { prompt: 'a', width: 63 })).toMatch(/width/)
    expect(await refusal('generate_video', { prompt: 'a', num_frames: 1e6 })).toMatch(/num_frames/)
    expect(await refusal('generate_video', { prompt: 'a', framse: 2 })).toMatch(/framse/)
  })
})

test('get_video_settings reads the output folder and nothing else', async () => {
  const name = 'a-red-circle-growing-on-a-black-3.mp4'
  for (const file of [name, join(output, name), pathToFileURL(join(output, name)).href])
    expect((await call('get_video_settings', { file })).structuredContent).toMatchObject({
      settings: { seed: 3, model: '@kinora/demo-model' },
    })
  const outside = join(emptyFolder(), 'secret.txt')
  writeFileSync(outside, 'secret')
  symlinkSync(outside, join(output, 'link.mp4'))
  for (const file of ['none.mp4', '..', '../', '/etc/passwd', outside, 'link.mp4', 'https://example.com/a.mp4'])
    expect(await refusal('get_video_settings', { file }), file).toMatch(/there is no video|is no address/)
})

test('a client that goes away takes its video with it', async () => {
  const folder = emptyFolder()
  const [leaving, other] = await connect(['--output', folder, '-m', MS])
  const { pid } = leaving
  const running = new Promise<void>((resolve) => {
    const onprogress = ({ message = '' }: Progress) => message.startsWith('denoising 2/') && resolve()
    other.callTool({ name: 'generate_video', arguments: LONG }, CallToolResultSchema, { onprogress }).catch(() => {})
  })
  await running
  const engines = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
    .stdout.trim()
    .split(/\s+/)
    .map(Number)
  expect(engines.length).toBe(1)
  await other.close()
  for (const process of [pid!, ...engines]) await expect.poll(() => isRunning(process)).toBe(false)
  expect(contents(folder)).toEqual([])
})

test('nothing but the protocol was on standard output', () => {
  expect(problems).toEqual([])
})

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
