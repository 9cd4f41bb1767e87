// One ONNX Runtime session, and tensors on their way in and out. The only file that imports the
// binding. Its calls block the event loop for a whole create or run.

import type { InferenceSession } from 'onnxruntime-node'
import * as ort from 'onnxruntime-node'
import { EngineError } from '../errors.ts'
import type { DType, Tensor } from '../tensor/tensor.ts'
import { tensor } from '../tensor/tensor.ts'
import type { Device } from './devices.ts'
import { DEVICE_NEEDS } from './devices.ts'
import type { Backends, SessionOptions } from './engine.ts'

export type NativeSession = InferenceSession
/** ONNX Runtime's tensor, of a type that may not exist outside. */
export type NativeTensor = ort.Tensor
export type NativeTensors = Readonly<Record<string, NativeTensor>>

/** Initializers name their files relative to the root of the file system; see onnx/model.ts. */
const EXTERNAL_DATA_ROOT = '/'
const ERRORS_ONLY = 3

function nativeOptions(options: SessionOptions): InferenceSession.SessionOptions {
  const { device = 'cpu', wholly = false, threads, arena = true, streamed = false } = options
  return {
    executionProviders: device === 'cpu' || wholly ? [device] : [device, 'cpu'],
    // Laying out weights anew takes longer than it saves in the one run that it would serve.
    graphOptimizationLevel: streamed ? 'extended' : 'all',
    enableMemPattern: false, // the pattern doubles resident memory where weights are cast at load
    enableCpuMemArena: arena,
    logSeverityLevel: ERRORS_ONLY,
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    extra: {
      session: {
        model_external_initializers_file_folder_path: EXTERNAL_DATA_ROOT,
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
  return ort.InferenceSession.create(model, nativeOptions(options)).catch((cause: unknown) => rethrow(cause, device))
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
