// What a stranger does first, with the packages as they would be published: from a registry into empty folders, where library, command,
// service, AI SDK and MCP each make a video of the demo model. The registry is ours, everything that is not ours comes from the real one.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { command } from '../publish/command.ts'
import { allPlatforms } from '../publish/onnxruntime.ts'
import { publishedWorkspaces, ROOT } from '../publish/workspaces.ts'
import { type Consumer, createConsumer, type Project } from './consumer.ts'
import { type LocalRegistry, startLocalRegistry } from './local-registry.ts'
import * as programs from './programs.ts'

const PROMPT = 'a red circle growing on a black background'
let registry: LocalRegistry
let consumer: Consumer

beforeAll(async () => {
  registry = await startLocalRegistry()
  consumer = createConsumer(registry.url)
})
afterAll(async () => {
  consumer.stop()
  await registry.stop()
})

const readJson = <T>({ stdout }: { stdout: string }) => JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T
const isVideo = (project: Project, ...path: string[]) =>
  readFileSync(join(project.folder, ...path))
    .subarray(4, 8)
    .toString() === 'ftyp'

async function install(name: string, ...words: string[]): Promise<Project> {
  const project = consumer.project(name)
  const started = performance.now()
  await project.run('npm', 'install', '--no-fund', ...words)
  const { stdout } = await project.run('du', '-sm', 'node_modules')
  console.log(`npm install ${words.join(' ')}: ${((performance.now() - started) / 1000).toFixed(0)} s, ${Number.parseInt(stdout, 10)} MB`)
  return project
}

interface Program {
  readonly file: string
  readonly text: string
  readonly words?: readonly string[]
  /** Of others' packages: the AI SDK's declarations need a browser's names. */
  readonly lax?: boolean
}

/** Type-checked as both kinds of consumers do, then run as it is. */
async function runProgram(project: Project, { file, text, words = [], lax }: Program) {
  project.write(file, text)
  await project.typecheck(file, 'node16', lax)
  await project.typecheck(file, 'bundler', lax)
  return project.run(process.execPath, file, ...words)
}

test('the library', async () => {
  const project = await install('library', 'kinora', '@kinora/demo-model', '@types/node@24')
  // node-av's looks for its binary, and fetches an ffmpeg that is not used; it passes over failures.
  expect(project.scripts()).toEqual(['node_modules/node-av'])
  expect(readJson(await runProgram(project, { file: 'library.mts', text: programs.LIBRARY }))).toEqual({
    shape: [16, 128, 128, 3],
    seed: 7,
  })
  expect(isVideo(project, 'library.mp4')).toBe(true)
})

test('the command, installed', async () => {
  const project = await install('command', '@kinora/cli')
  await project.run('npx', 'kinora', 'generate', PROMPT, '--steps', '2', '-o', 'a.mp4', '-o', 'a.gif')
  expect(isVideo(project, 'a.mp4')).toBe(true)
  expect(readFileSync(join(project.folder, 'a.gif')).subarray(0, 3).toString()).toBe('GIF')
  expect((await project.run('npx', 'kinora', 'doctor')).stdout).toContain('Generating works here.')
})

test('the command, without installing it before', async () => {
  const { stdout } = await consumer.project('at-once').run('npx', '--yes', '@kinora/cli', '--version')
  expect(stdout).toMatch(/^\d+\.\d+\.\d+/)
})

/** `npx kinora serve` of an installed project until `use` is done. */
async function whileServing<T>(project: Project, use: (url: string) => Promise<T>): Promise<T> {
  const words = ['kinora', 'serve', '--port', '0', '--auth', 'none', '--data', 'data']
  const child = spawn('npx', words, { cwd: project.folder, env: project.env, stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  const ended = once(child, 'exit')
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const [url] = /http:\/\/[\d.]+:\d+/.exec(line) ?? []
      if (url !== undefined) return await use(url)
    }
    throw new Error('`npx kinora serve` ended before it told its address')
  } finally {
    process.kill(-child.pid!) // npx, its shell and the service
    await ended
  }
}

async function makeOverHttp(url: string): Promise<Uint8Array> {
  const ask = async (path: string, init?: RequestInit) => {
    const answer = await fetch(new URL(path, url), init)
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
    return answer
  }
  while (!(await fetch(new URL('/ready', url))).ok) await new Promise((resolve) => setTimeout(resolve, 500))
  const body = JSON.stringify({ prompt: PROMPT, num_inference_steps: 2 })
  let video = (await (await ask('/v1/videos', { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json()) as {
    id: string
    status: string
  }
  while (video.status === 'queued' || video.status === 'in_progress') {
    await new Promise((resolve) => setTimeout(resolve, 500))
    video = (await (await ask(`/v1/videos/${video.id}`)).json()) as typeof video
  }
  expect(video.status).toBe('completed')
  return (await ask(`/v1/videos/${video.id}/content`)).bytes()
}

// Without install scripts, as npm 12 installs by default.
let everything: Promise<Project> | undefined
const installEverything = () => {
  everything ??= install('everything', '--ignore-scripts', '@kinora/cli', '@kinora/ai-sdk', 'ai', '@types/node@24')
  return everything
}

test('the service, its web application and the AI SDK before it', async () => {
  const project = await installEverything()
  await whileServing(project, async (url) => {
    const page = await (await fetch(url)).text()
    const [, script = ''] = /<script[^>]* src="([^"]+)"/.exec(page) ?? []
    expect((await fetch(new URL(script, url))).headers.get('content-type')).toMatch(/javascript/)
    expect(
      Buffer.from(await makeOverHttp(url))
        .subarray(4, 8)
        .toString(),
    ).toBe('ftyp')
    expect((await runProgram(project, { file: 'ai-sdk.mts', text: programs.AI_SDK, words: [url], lax: true })).stdout.trim()).toBe(
      'video/mp4',
    )
    expect(isVideo(project, 'ai-sdk.mp4')).toBe(true)
  })
})

test('the AI SDK in the own process', async () => {
  const project = await installEverything()
  expect((await runProgram(project, { file: 'local.mts', text: programs.AI_SDK_LOCAL, lax: true })).stdout.trim()).toBe('video/mp4')
  expect(isVideo(project, 'local.mp4')).toBe(true)
})

test('the service as a library', async () => {
  const project = await installEverything()
  project.write('server.mts', programs.SERVER)
  expect(readJson(await project.run(process.execPath, 'server.mts'))).toEqual({ status: 200 })
})

test('the MCP server', async () => {
  const project = await installEverything()
  project.write('mcp.mts', programs.MCP)
  const { tools, notes, made } = readJson<{ tools: string[]; notes: number; made: { path: string } }>(
    await project.run(process.execPath, 'mcp.mts'),
  )
  expect(tools).toContain('generate_video')
  expect(notes).toBeGreaterThan(1)
  expect(readFileSync(made.path).subarray(4, 8).toString()).toBe('ftyp')
})

test('without optional packages it says which one it cannot do without, and then makes a video with the ffmpeg of the machine', async () => {
  const project = await install('no-optional', '--omit=optional', '@kinora/cli')
  expect(existsSync(join(project.folder, 'node_modules/node-av'))).toBe(false)
  const generate = () => project.run('npx', 'kinora', 'generate', PROMPT, '--steps', '2', '-o', 'a.mp4')
  const refusal = await generate().then(
    () => 'it worked',
    (error: Error) => error.message,
  )
  const [, advice = ''] = /npm install (@kinora\/onnxruntime-node-[\w.@-]+)/.exec(refusal) ?? []
  expect(advice).toContain(`${process.platform}-${process.arch}`)
  await project.run('npm', 'install', '--omit=optional', '--no-fund', advice)
  await generate()
  expect(isVideo(project, 'a.mp4')).toBe(true)
})

test('a release that is repeated finds what is published, and what is not', async () => {
  const env = { ...process.env, npm_config_registry: registry.url }
  const { stdout } = await command(process.execPath, [join(ROOT, 'scripts/publish/main.ts'), '--dry-run'], { cwd: ROOT, env })
  const [there, missing] = [/^(\S+)@\S+ is on /gm, /^(\S+)@\S+ would go to /gm].map((line) =>
    [...stdout.matchAll(line)].map(([, name]) => name),
  )
  expect(there).toEqual(expect.arrayContaining(publishedWorkspaces().map(({ name }) => name)))
  // Of ONNX Runtime the registry here has one platform.
  expect(there).toContain(`@kinora/onnxruntime-node-${process.platform}-${process.arch}`)
  expect(missing).toHaveLength(allPlatforms().length - 1)
})
