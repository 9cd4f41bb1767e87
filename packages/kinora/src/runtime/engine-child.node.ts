// The engine process: holds the sessions and answers one request after the other. Started by
// child-engine.node.ts, ended by its SIGKILL or by the watchdog.

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { EngineError } from '../errors.ts'
import type { Session } from './engine.ts'
import { openLocalEngine } from './local-engine.node.ts'
import type { Numbered, Released, Reply, Request } from './messages.ts'

const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'))
const watchdog = new Worker(new URL(`./watchdog.node${extension}`, import.meta.url))

// A terminal sends Ctrl-C to the whole group; what it means is the caller's to decide.
process.on('SIGINT', () => {})

const engine = openLocalEngine()
const sessions = new Map<number, Session>()
let created = 0

function sessionAt(index: number): Session {
  const session = sessions.get(index)
  if (!session) throw new EngineError(`session ${index} was released`)
  return session
}

async function answer(request: Request): Promise<unknown> {
  switch (request.type) {
    case 'create': {
      sessions.set(++created, await engine.createSession(request.model, request.options))
      return created
    }
    case 'hold':
      return sessionAt(request.session).hold(request.feeds)
    case 'run':
      return sessionAt(request.session).run(request.feeds, undefined, request.options)
    case 'release': {
      await sessions.get(request.session)?.release()
      sessions.delete(request.session)
      return { resident: process.memoryUsage.rss(), peak: await engine.peakMemory() } satisfies Released
    }
    case 'backends':
      return engine.backends()
    case 'peakMemory':
      return engine.peakMemory()
    default:
      return request satisfies never
  }
}

// No work before someone watches the parent: a native call would keep the watchdog from starting.
let queue: Promise<unknown> = once(watchdog, 'online')
process.on('message', ({ id, request }: Numbered) => {
  queue = queue.then(async () => {
    const reply = await answer(request).then(
      (result): Reply => ({ id, ok: true, result }),
      (error: unknown): Reply => ({ id, ok: false, message: error instanceof Error ? error.message : String(error) }),
    )
    process.send?.(reply)
  })
})
