// An engine in this very process. Its calls block the event loop while a model, or a part of one, is
// created or runs, which is why models normally live in a child process.

import { readFile } from 'node:fs/promises'
import type { Engine, Feeds, Session } from './engine.ts'
import type { NativeTensor } from './native-session.node.ts'
import { backends, fromNative, toNative } from './native-session.node.ts'
import { PartChain } from './part-chain.node.ts'

function openSession(chain: PartChain, onRelease: (session: Session) => void): Session {
  const held = new Map<string, NativeTensor>()
  let alive = true
  const session: Session = {
    get alive() {
      return alive
    },
    hold: (feeds) => {
      for (const [name, value] of Object.entries(feeds)) held.set(name, toNative(value))
      return Promise.resolve()
    },
    run: async (feeds: Feeds, signal, { reuse = [] } = {}) => {
      signal?.throwIfAborted()
      const all = Object.fromEntries([...held, ...Object.entries(feeds).map(([name, value]) => [name, toNative(value)] as const)])
      const results = await chain.run(all, reuse, signal)
      return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, fromNative(value)]))
    },
    release: async () => {
      if (!alive) return
      alive = false
      held.clear()
      onRelease(session)
      await chain.release()
    },
  }
  return session
}

/** An engine in the caller's process. Peak memory is that of the whole process (Linux: VmHWM). */
export function openLocalEngine(): Engine {
  const sessions = new Set<Session>()
  return {
    pid: process.pid,
    createSession: async (model, options = {}, signal) => {
      signal?.throwIfAborted()
      const chain = await PartChain.open(model instanceof Uint8Array ? [model] : model, options, signal)
      const session = openSession(chain, (released) => sessions.delete(released))
      sessions.add(session)
      return session
    },
    backends: () => Promise.resolve(backends()),
    peakMemory: async () => {
      const status = await readFile('/proc/self/status', 'utf8').catch(() => '')
      const kilobytes = /VmHWM:\s+(\d+) kB/.exec(status)?.[1]
      return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
    },
    availableMemory: () => process.availableMemory(),
    dispose: async () => {
      for (const session of sessions) await session.release()
    },
  }
}
