// Opens a checkpoint and an engine for a pipeline, as its LoadOptions say. Configs and tensor headers
// are read and checked; weights are not read before they are first needed.

import { openEngine } from '#engine'
import { openCheckpoint } from '../checkpoint/open.ts'
import { ArgumentError } from '../errors.ts'
import { chooseDevice } from '../runtime/devices.ts'
import type { Engine, SessionOptions } from '../runtime/engine.ts'
import type { ModelFiles } from './model-files.ts'
import { parseModelFiles } from './model-files.ts'
import type { Sessions } from './sessions.ts'
import { openSessions } from './sessions.ts'

/** Above this the components are loaded one after the other. */
const OFFLOAD_ABOVE_BYTES = 2 ** 31

export interface LoadOptions {
  /** `fp16` reads `*.fp16.safetensors`. */
  variant?: string
  /** auto, cpu, webgpu, cuda, coreml or dml. Default auto. */
  device?: string
  /** Arithmetic of the models; float32 is the one there is so far, whatever the files hold. Default auto. */
  precision?: 'auto' | 'float32'
  /** Threads of one operator; default the physical cores. */
  threads?: number
  /** Keep only the component in memory that is at work. Default: when the weights exceed 2 GiB. */
  offload?: boolean
  /** Run the models in this process instead of a child: blocks the event loop. Default false. */
  inProcess?: boolean
}

/** What a pipeline is made of. */
export interface Parts {
  files: ModelFiles
  engine: Engine
  sessions: Sessions
  /** One component in memory at a time. */
  offload: boolean
}

/** Throws ArgumentError for the options, CheckpointError and UnsupportedConfigError for the folder. */
export async function loadParts(folder: string, options: LoadOptions): Promise<Parts> {
  const { variant, device = 'auto', precision = 'auto', threads, inProcess = false } = options
  if (precision !== 'auto' && precision !== 'float32') throw new ArgumentError(`precision is "${precision}"; use auto or float32`)
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1))
    throw new ArgumentError(`threads is ${threads}; it must be 1 or more`)
  const sessionOptions: SessionOptions = { device: chooseDevice(device), ...(threads === undefined ? {} : { threads }) }
  const files = parseModelFiles(await openCheckpoint(folder, variant === undefined ? {} : { variant }))
  const engine = await openEngine({ inProcess })
  const offload = options.offload ?? files.weightBytes.total > OFFLOAD_ABOVE_BYTES
  return { files, engine, sessions: openSessions(engine, sessionOptions, offload), offload }
}
