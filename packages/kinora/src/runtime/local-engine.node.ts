// ONNX Runtime in this very process. The only file that imports the binding. Its calls block the
// event loop for a whole create or run, which is why models normally live in a child process.

import { readFile } from 'node:fs/promises'
import type { InferenceSession } from 'onnxruntime-node'
import * as ort from 'onnxruntime-node'
import { EngineError } from '../errors.ts'
import type { DType, Tensor } from '../tensor/tensor.ts'
import { tensor } from '../tensor/tensor.ts'
import type { Engine, Feeds, Session, SessionOptions } from './engine.ts'

/** Initializers name their files relative to the root of the file system; see onnx/model.ts. */
const EXTERNAL_DATA_ROOT = '/'
const ERRORS_ONLY = 3

function sessionOptions(options: SessionOptions): InferenceSession.SessionOptions {
  const { device = 'cpu', threads } = options
  return {
    executionProviders: device === 'cpu' ? ['cpu'] : [device, 'cpu'],
    graphOptimizationLevel: 'all',
    enableMemPattern: false, // the pattern doubles resident memory where weights are cast at load
    logSeverityLevel: ERRORS_ONLY,
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    extra: { session: { model_external_initializers_file_folder_path: EXTERNAL_DATA_ROOT } },
  }
}

function toOrt({ dtype, shape, data }: Tensor): ort.Tensor {
  if (dtype === 'float32') return new ort.Tensor('float32', data as Float32Array, shape)
  if (dtype === 'int64') return new ort.Tensor('int64', data as BigInt64Array, shape)
  throw new EngineError(`models take float32 and int64 inputs, not ${dtype}`)
}

function fromOrt(value: ort.Tensor): Tensor {
  return tensor(value.type as DType, value.dims, value.data as never)
}

function openSession(native: InferenceSession, onRelease: (session: Session) => void): Session {
  const held = new Map<string, ort.Tensor>()
  let alive = true
  const session: Session = {
    get alive() {
      return alive
    },
    hold: (feeds) => {
      for (const [name, value] of Object.entries(feeds)) held.set(name, toOrt(value))
      return Promise.resolve()
    },
    run: async (feeds: Feeds, signal) => {
      signal?.throwIfAborted()
      const all = Object.fromEntries([...held, ...Object.entries(feeds).map(([name, value]) => [name, toOrt(value)] as const)])
      const results = await native.run(all).catch(rethrow)
      signal?.throwIfAborted()
      return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, fromOrt(value)]))
    },
    release: async () => {
      if (!alive) return
      alive = false
      held.clear()
      onRelease(session)
      await native.release()
    },
  }
  return session
}

/** Keeps ONNX Runtime's sentence, without the C++ expression that failed and the line breaks. */
function rethrow(cause: unknown): never {
  const words = cause instanceof Error ? cause.message : String(cause)
  const sentence = words
    .replace(/^.*? was false\. /s, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
  throw new EngineError(`ONNX Runtime: ${sentence}`, { cause })
}

/** An engine in the caller's process. Peak memory is that of the whole process (Linux: VmHWM). */
export function openLocalEngine(): Engine {
  const sessions = new Set<Session>()
  return {
    pid: process.pid,
    createSession: async (model, options = {}, signal) => {
      signal?.throwIfAborted()
      const native = await ort.InferenceSession.create(model, sessionOptions(options)).catch(rethrow)
      const session = openSession(native, (released) => sessions.delete(released))
      sessions.add(session)
      if (!signal?.aborted) return session
      await session.release()
      throw signal.reason
    },
    backends: () => {
      const { node, common } = ort.env.versions
      return Promise.resolve({ version: node ?? common, devices: ort.listSupportedBackends().map(({ name }) => name) })
    },
    peakMemory: async () => {
      const status = await readFile('/proc/self/status', 'utf8').catch(() => '')
      const kilobytes = /VmHWM:\s+(\d+) kB/.exec(status)?.[1]
      return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
    },
    dispose: async () => {
      for (const session of sessions) await session.release()
    },
  }
}
