// One ONNX Runtime session, and tensors on their way in and out. The only file that imports the
// binding. Its calls block the event loop for a whole create or run.

import './telemetry.node.ts'
import path from 'node:path'
import type { InferenceSession } from 'onnxruntime-node'
import * as ort from 'onnxruntime-node'
import { EngineError } from '../errors.ts'
import type { DType, Tensor } from '../tensor/tensor.ts'
import { tensor } from '../tensor/tensor.ts'
import { MODEL_FILE, placeOf, readCompiled, removeCompiled, WEIGHTS_FILE, writeCompiled } from './compiled.node.ts'
import type { Device } from './devices.ts'
import { DEVICE_NEEDS } from './devices.ts'
import type { Backends, CompiledOptions, SessionOptions } from './engine.ts'
import { defaultThreads } from './threads.node.ts'

export type NativeSession = InferenceSession
/** ONNX Runtime's tensor, of a type that may not exist outside. */
export type NativeTensor = ort.Tensor
export type NativeTensors = Readonly<Record<string, NativeTensor>>

/** Initializers name their files relative to the root of the file system; see onnx/model.ts. */
const EXTERNAL_DATA_ROOT = '/'
const ERRORS_ONLY = 3
/** Weights go to a file beside the model, matrices also as the CPU's kernels take them: those need no memory of their own then. */
const SAVE_WEIGHTS = {
  optimized_model_external_initializers_file_name: WEIGHTS_FILE,
  optimized_model_external_initializers_min_size_in_bytes: '1024',
  save_external_prepacked_constant_initializers: '1',
}

/** Where weights are read from, and what else differs where models are written to disk or read back. */
interface Files {
  readonly weights?: string
  /** A folder to write the optimized model to. */
  readonly saveTo?: string
  /** It was optimized before. */
  readonly compiled?: boolean
}

function nativeOptions(options: SessionOptions, files: Files = {}): InferenceSession.SessionOptions {
  const { device = 'cpu', wholly = false, threads = defaultThreads(), arena = true } = options
  const { weights = EXTERNAL_DATA_ROOT, saveTo, compiled = false } = files
  const streamed = options.streamed === true && !compiled && saveTo === undefined
  return {
    executionProviders: device === 'cpu' || wholly ? [device] : [device, 'cpu'],
    // Laying out weights anew takes longer than it saves in the one run that it would serve.
    graphOptimizationLevel: compiled ? 'disabled' : streamed ? 'extended' : 'all',
    enableMemPattern: false, // the pattern doubles resident memory where weights are cast at load
    enableCpuMemArena: arena,
    logSeverityLevel: ERRORS_ONLY,
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    ...(saveTo !== undefined && { optimizedModelFilePath: path.join(saveTo, MODEL_FILE) }),
    extra: {
      session: {
        model_external_initializers_file_folder_path: weights,
        ...(saveTo !== undefined && SAVE_WEIGHTS),
        ...(wholly && { disable_cpu_ep_fallback: '1' }),
        ...(streamed && { disable_prepacking: '1' }),
      },
    },
  }
}

export async function openNative(model: Uint8Array, options: SessionOptions): Promise<NativeSession> {
  const { device = 'cpu' } = options
  if (!backends().devices.includes(device))
    throw new EngineError(`this build of ONNX Runtime (${process.platform} ${process.arch}) has no ${device}; ${DEVICE_NEEDS[device]}`)
  const { compiled } = options
  const place = compiled && device === 'cpu' ? await placeOf(model, EXTERNAL_DATA_ROOT, compiled.folder, backends().version) : undefined
  const open = place === undefined ? create(model, options) : openCompiled(model, options, compiled!, place)
  return open.catch((cause: unknown) => (cause instanceof EngineError ? Promise.reject(cause) : rethrow(cause, device)))
}

function create(model: Uint8Array, options: SessionOptions, files?: Files): Promise<NativeSession> {
  return ort.InferenceSession.create(model, nativeOptions(options, files))
}

/** From the cache, or after it was put there. */
async function openCompiled(model: Uint8Array, options: SessionOptions, cache: CompiledOptions, place: string): Promise<NativeSession> {
  const files = { weights: place, compiled: true }
  const found = await readCompiled(place)
  const kept = found && (await create(found, options, files).catch(() => undefined))
  if (kept) return kept
  if (found) await removeCompiled(place) // its weights cannot be read
  await writeCompiled(place, model, cache, async (folder) => {
    const native = await create(model, options, { saveTo: folder })
    await native.release()
  })
  const written = await readCompiled(place)
  if (!written) throw new EngineError(`the compiled model in ${place} was removed while it was opened: run it again`)
  return create(written, options, files)
}

export async function runNative(native: NativeSession, feeds: NativeTensors, device?: Device): Promise<NativeTensors> {
  return native.run(feeds).catch((cause: unknown) => rethrow(cause, device))
}

export function backends(): Backends {
  const { node, common } = ort.env.versions
  return { version: node ?? common, devices: ort.listSupportedBackends().map(({ name }) => name) }
}

export function toNative({ dtype, shape, data }: Tensor): NativeTensor {
  if (dtype === 'float32') return new ort.Tensor('float32', data as Float32Array, shape)
  if (dtype === 'int64') return new ort.Tensor('int64', data as BigInt64Array, shape)
  throw new EngineError(`models take float32 and int64 inputs, not ${dtype}`)
}

export function fromNative(value: NativeTensor): Tensor {
  return tensor(value.type as DType, value.dims, value.data as never)
}

/** Gives a tensor's memory back at once, which the garbage collector would do some time later. Nothing may read it again. */
export function freeNative(value: NativeTensor): void {
  const { buffer } = value.data as Float32Array<ArrayBuffer>
  buffer.transfer(0)
}

/** What ONNX Runtime says where a driver or a library of the device is missing, or gone in the middle of a run. */
const MISSING = /adapter|failed to load|device (is |was )?lost|no cuda-capable|driver/i

/** Keeps ONNX Runtime's sentence, without the C++ expression that failed and the line breaks; says what a missing device needs. */
function rethrow(cause: unknown, device: Device = 'cpu'): never {
  const words = cause instanceof Error ? cause.message : String(cause)
  const sentence = words
    .replace(/^.*? was false\. /s, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
  const hint = device !== 'cpu' && MISSING.test(sentence) ? `; ${DEVICE_NEEDS[device]}` : ''
  throw new EngineError(`ONNX Runtime: ${sentence}${hint}`, { cause })
}
