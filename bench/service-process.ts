// A real `kinora serve` with the bundled model in a process of its own and a temporary folder, asked as a program asks it:
// with an API key.

import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

interface ServiceEvent {
  event: string
  data: Record<string, unknown>
}

export interface ServiceProcess {
  url: string
  key: string
  /** GET, or POST of a body; rejects for every refusal. */
  ask<T = unknown>(path: string, body?: Record<string, unknown>): Promise<T>
  /** Events of a video until the last one. */
  watch(id: string): AsyncGenerator<ServiceEvent>
  /** Processor time of the process itself, without its children. */
  cpuSeconds(): number
  stop(): Promise<void>
}

const MAIN = fileURLToPath(new URL('../apps/cli/src/main.ts', import.meta.url))
const ADMIN = { name: 'admin', password: 'correct horse battery' }
const TICKS_PER_SECOND = 100

export async function startServiceProcess(): Promise<ServiceProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'kinora-bench-'))
  const child = spawn(process.execPath, ['--conditions=kinora-dev', MAIN, 'serve', '--port', '0', '--data', folder], {
    env: {
      ...process.env,
      KINORA_ADMIN_USER: ADMIN.name,
      KINORA_ADMIN_PASSWORD: ADMIN.password,
      KINORA_LIMITS_REQUESTS_PER_MINUTE: '1000000',
      KINORA_LIMITS_STEPS: '1000',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  let words = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-2000)
  })
  const stop = async (): Promise<void> => {
    child.kill()
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const url = await addressOf(child.stdout, () => words)
    const key = await newKey(url)
    return { url, key, ...client(url, key), cpuSeconds: () => cpuSecondsOf(child.pid!), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function addressOf(stdout: NodeJS.ReadableStream, words: () => string): Promise<string> {
  for await (const line of createInterface(stdout)) {
    const url = /http:\/\/\S+/.exec(line)?.[0]
    if (url !== undefined) {
      stdout.resume()
      return url
    }
  }
  throw new Error(`kinora serve did not start: ${words().trim()}`)
}

function client(url: string, key: string): Pick<ServiceProcess, 'ask' | 'watch'> {
  const headers = { authorization: `Bearer ${key}` }
  return {
    ask: async <T>(path: string, body?: Record<string, unknown>) => {
      const json = { ...headers, 'content-type': 'application/json' }
      return answerOf<T>(await fetch(`${url}${path}`, body ? { method: 'POST', headers: json, body: JSON.stringify(body) } : { headers }))
    },
    async *watch(id) {
      const response = await fetch(`${url}/v1/videos/${id}/events`, { headers })
      let text = ''
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
        const blocks = (text + chunk).split('\n\n')
        text = blocks.pop()!
        for (const block of blocks) {
          const event = /^event: (.*)$/m.exec(block)?.[1]
          if (event !== undefined) yield { event, data: JSON.parse(/^data: (.*)$/m.exec(block)![1]!) as ServiceEvent['data'] }
        }
      }
    },
  }
}

/** As a person gets one: logs in and makes it. */
async function newKey(url: string): Promise<string> {
  const json = { 'content-type': 'application/json' }
  const login = await fetch(`${url}/v1/session`, { method: 'POST', headers: json, body: JSON.stringify(ADMIN) })
  const cookie = login.headers.getSetCookie().map((text) => text.split(';')[0])
  const { csrf_token: token } = await answerOf<{ csrf_token: string }>(login)
  const body = JSON.stringify({ name: 'bench', scopes: ['videos:read', 'videos:write'] })
  const own = { ...json, cookie: cookie.join('; '), 'x-csrf-token': token }
  return (await answerOf<{ key: string }>(await fetch(`${url}/v1/keys`, { method: 'POST', headers: own, body }))).key
}

async function answerOf<T>(response: Response): Promise<T> {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as T
}

/** From Linux's /proc; NaN elsewhere. */
function cpuSecondsOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
  } catch {
    return Number.NaN
  }
}
