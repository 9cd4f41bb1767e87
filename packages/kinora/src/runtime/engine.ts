// What the rest of the library sees of ONNX Runtime: an engine opens sessions, a session runs feeds.
// Implementations are chosen by the package's `#engine` import; nothing else knows the binding.

import type { Tensor } from '../tensor/tensor.ts'
import type { Device } from './devices.ts'

export type Feeds = Readonly<Record<string, Tensor>>

export interface SessionOptions {
  /** Execution provider; default cpu. */
  device?: Device
  /** Refuses a model of which some node would run on the CPU beside the device, instead of letting it. */
  wholly?: boolean
  /** Threads of one operator; default: see `defaultThreads` (threads.node.ts). */
  threads?: number
  /** Takes tensors' memory from an arena that grows and is kept, which is faster; without it each tensor gives its memory back. Default true. */
  arena?: boolean
  /** Loads each part of a model for its turn only, at every run: least memory, and the loading time again for each run. */
  streamed?: boolean
  /** Keeps models on disk as ONNX Runtime runs them, and loads them from there the next time; for the CPU. Same results. */
  compiled?: CompiledOptions
  /** Parts that runs may leave out, all of them together: the session keeps what they give to the others. */
  keep?: readonly number[]
}

export interface CompiledOptions {
  /** Made when it is missing; only what lies in it under names of its own is ever removed. */
  readonly folder: string
  /** Bytes above which the least recently used models are removed; default 32 GiB. */
  readonly limit?: number
}

export interface RunOptions {
  /** Parts that are not run; what they gave the last time takes their place. Has to be among the session's `keep`. */
  reuse?: readonly number[]
}

export interface Session {
  /** False once released, aborted or lost with its process; a lost session has to be created again. */
  readonly alive: boolean
  /** Keeps inputs in the engine, so that runs need not send them again. A later hold replaces equal names. */
  hold(feeds: Feeds): Promise<void>
  /** Runs once. Rejects with the signal's reason on abort, EngineError on failure. */
  run(feeds: Feeds, signal?: AbortSignal, options?: RunOptions): Promise<Record<string, Tensor>>
  /** Frees the session's memory. */
  release(): Promise<void>
}

export interface Backends {
  version: string
  devices: readonly string[]
}

export interface Engine {
  /** Operating system's process that holds the models; undefined before the first session, after an abort, and when large models were released. */
  readonly pid: number | undefined
  /**
   * Opens an ONNX model given as bytes, or as parts that run in order: each takes feeds and outputs of parts before it, and
   * outputs that no part reads are the model's.
   */
  createSession(model: Uint8Array | readonly Uint8Array[], options?: SessionOptions, signal?: AbortSignal): Promise<Session>
  /** The installed ONNX Runtime: its version and the execution providers that it was built with. */
  backends(): Promise<Backends>
  /** Peak resident memory of the engine's processes in bytes; undefined where the system does not tell. */
  peakMemory(): Promise<number | undefined>
  /** Bytes of memory that are free for processes now; undefined where the system does not tell. */
  availableMemory(): number | undefined
  dispose(): Promise<void>
}

export interface EngineOptions {
  /** Runs models in the caller's own process: blocks its event loop, cannot cancel within a part of a run. Default false. */
  inProcess?: boolean
  /** The engine's process gives freed memory back to the system at once, which makes loading slower. Default false. */
  lean?: boolean
}
