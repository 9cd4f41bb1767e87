// An engine in a child process that the library owns. The caller's event loop stays free during a
// step; an abort is SIGKILL, which frees the CPU and all memory at once; a native crash becomes an
// EngineError with the process's last words, and the next session starts a new process.

import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { EngineError } from '../errors.ts'
import type { Tensor } from '../tensor/tensor.ts'
import type { Backends, Engine, EngineOptions, Session } from './engine.ts'
import type { Numbered, Released, Reply, Request } from './messages.ts'

/** Enough of standard error to hold a native stack trace's head. */
const LAST_WORDS = 2000

interface Pending {
  resolve: (result: unknown) => void
  reject: (error: unknown) => void
}

/**
 * Settings of glibc's heap, in bytes. Weights are copied several times while a model is loaded; where each copy is a mapping of its own,
 * fresh pages from the system can take longer than all the rest. Where memory is short, it goes back to the system at once instead.
 */
const FAST_HEAP = { MALLOC_MMAP_THRESHOLD_: String(2 ** 27), MALLOC_TRIM_THRESHOLD_: String(2 ** 28) }
const LEAN_HEAP = { MALLOC_MMAP_THRESHOLD_: String(2 ** 20) }

/** An engine with the fast heap and without sessions that holds more than this is ended: the heap has gaps, which only its end gives back. */
const IDLE_BYTES = 2 ** 30

interface Child {
  readonly process: ChildProcess
  readonly pending: Map<number, Pending>
  readonly exited: Promise<void>
  alive: boolean
  sent: number
  /** Open in it. */
  sessions: number
}

function start(lean: boolean): Child {
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'))
  const child = fork(new URL(`./engine-child.node${extension}`, import.meta.url), {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...(lean ? LEAN_HEAP : FAST_HEAP) },
  })
  let words = ''
  const listen = (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-LAST_WORDS)
  }
  child.stdout?.on('data', listen)
  child.stderr?.on('data', listen)
  child.stdin?.on('error', () => {}) // the child may be gone already; its exit says so
  const pending = new Map<number, Pending>()
  const exited = Promise.withResolvers<void>()
  const state: Child = { process: child, pending, exited: exited.promise, alive: true, sent: 0, sessions: 0 }
  const end = (why: string) => {
    state.alive = false
    const said = words.trim() === '' ? '' : `: ${words.trim()}`
    for (const { reject } of pending.values()) reject(new EngineError(`the engine process ${why}${said}`))
    pending.clear()
    exited.resolve()
  }
  child.on('error', (error) => end(`could not be started (${error.message})`))
  child.on('close', (code, signal) => end(signal ? `was ended by ${signal}` : `exited with code ${code}`))
  child.on('message', (reply: Reply) => settle(state, reply))
  return state
}

function settle(child: Child, reply: Reply): void {
  const waiting = child.pending.get(reply.id)
  child.pending.delete(reply.id)
  if (child.pending.size === 0) holdProcessOpen(child, false)
  if (!waiting) return
  if (reply.ok) waiting.resolve(reply.result)
  else waiting.reject(new EngineError(reply.message))
}

/** Only a request in flight keeps the caller's process alive: a script that forgets dispose() still ends. */
function holdProcessOpen(child: Child, open: boolean): void {
  const {
    process: child_,
    process: { channel, stdin, stdout, stderr },
  } = child
  for (const handle of [child_, channel, stdin, stdout, stderr] as ({ ref?(): void; unref?(): void } | null | undefined)[])
    open ? handle?.ref?.() : handle?.unref?.()
}

async function ask(child: Child, request: Request, signal?: AbortSignal): Promise<unknown> {
  signal?.throwIfAborted()
  if (!child.alive) throw new EngineError('the engine process has ended; the model has to be loaded again')
  const id = ++child.sent
  const answered = new Promise((resolve, reject) => {
    child.pending.set(id, { resolve, reject })
  })
  holdProcessOpen(child, true)
  child.process.send({ id, request } satisfies Numbered, (error) => {
    if (error) settle(child, { id, ok: false, message: `the engine process does not listen: ${error.message}` })
  })
  const abort = () => void kill(child)
  signal?.addEventListener('abort', abort, { once: true })
  try {
    return await answered
  } catch (error) {
    if (signal?.aborted) await child.exited
    signal?.throwIfAborted()
    throw error
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

async function kill(child: Child): Promise<void> {
  holdProcessOpen(child, true)
  child.process.kill('SIGKILL')
  await child.exited
}

function openSession(child: Child, index: number, onRelease: (after: Released) => Promise<void>): Session {
  let released = false
  child.sessions++
  return {
    get alive() {
      return child.alive && !released
    },
    hold: async (feeds) => void (await ask(child, { type: 'hold', session: index, feeds: { ...feeds } })),
    run: async (feeds, signal, options = {}) =>
      (await ask(child, { type: 'run', session: index, feeds: { ...feeds }, options }, signal)) as Record<string, Tensor>,
    release: async () => {
      if (released || !child.alive) return
      released = true
      const after = (await ask(child, { type: 'release', session: index })) as Released
      child.sessions--
      await onRelease(after)
    },
  }
}

interface ChildOptions extends Pick<EngineOptions, 'lean'> {
  readonly idleBytes?: number
}

/** An engine in a child process of its own; started at the first request, and again after it was ended. */
export function openChildEngine({ lean = false, idleBytes = IDLE_BYTES }: ChildOptions = {}): Engine {
  let child: Child | undefined
  let highest = 0
  const running = () => {
    if (!child?.alive) child = start(lean)
    return child
  }
  return {
    get pid() {
      return child?.alive ? child.process.pid : undefined
    },
    createSession: async (model, options = {}, signal) => {
      const owner = running()
      const index = (await ask(owner, { type: 'create', model, options }, signal)) as number
      return openSession(owner, index, async ({ resident, peak = 0 }) => {
        highest = Math.max(highest, peak)
        if (!lean && owner.sessions === 0 && owner.pending.size === 0 && resident > idleBytes) {
          owner.alive = false // from now on, a session is for another process
          await kill(owner)
        }
      })
    },
    backends: async () => (await ask(running(), { type: 'backends' })) as Backends,
    peakMemory: async () => {
      const now = child?.alive ? ((await ask(child, { type: 'peakMemory' })) as number | undefined) : undefined
      return Math.max(highest, now ?? 0) || undefined
    },
    availableMemory: () => process.availableMemory(),
    dispose: async () => {
      if (child?.alive) await kill(child)
      child = undefined
      highest = 0
    },
  }
}
