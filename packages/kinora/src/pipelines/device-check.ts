// What a GPU's driver computes rightly, tried once before the first model is built: ONNX Runtime's fused
// attention is wrong on some WebGPU drivers (and may not come to an end there), and some
// devices have no half floats. A wrong kernel says nothing, so it is compared with products and a softmax.

import { ArgumentError, EngineError } from '../errors.ts'
import { composedAttention } from '../models/index.ts'
import type { Target } from '../onnx/graph.ts'
import { CPU_TARGET, Graph } from '../onnx/graph.ts'
import { encodeModel } from '../onnx/model.ts'
import { Cast, MultiHeadAttention } from '../onnx/ops.ts'
import type { Device } from '../runtime/devices.ts'
import type { Engine, SessionOptions } from '../runtime/engine.ts'
import { Generator, randn } from '../tensor/random.ts'
import type { FindTarget } from './sessions.ts'

export type Precision = 'float32' | 'float16' | 'int8'

export interface DeviceCheckOptions {
  /** Relative difference that fused attention may have in each type; default TOLERANCE. */
  tolerance?: Readonly<Record<Target['dtype'], number>>
  onWarning?: ((message: string) => void) | undefined
}

interface AttentionCase {
  heads: number
  width: number
  queries: number
  keys: number
  causal: boolean
}

/** What rounding explains, several times over: half floats differ by 1e-3, the known defect by 5e-3 to 1e-1. */
const TOLERANCE = { float32: 1e-4, float16: 4e-3 }
/** A driver that is still compiling then is not worth waiting for. */
const PATIENCE_MS = 60_000

/** Sizes above 64 take the kernels that large pictures take; narrow heads first, since they compile fastest where the result is wrong. */
const CASES: readonly AttentionCase[] = [
  { heads: 1, width: 16, queries: 64, keys: 64, causal: false },
  { heads: 2, width: 64, queries: 80, keys: 77, causal: false },
  { heads: 2, width: 64, queries: 77, keys: 77, causal: true },
]

/** Throws ArgumentError for a precision that the device has not. coreml takes float32: its default model form knows no half floats. */
export function choosePrecision(precision: 'auto' | Precision, device: Device): Precision {
  if (precision === 'auto') return device === 'cpu' || device === 'coreml' ? 'float32' : 'float16'
  if (precision === 'int8' && device !== 'cpu')
    throw new ArgumentError(`precision int8 is for the CPU, device is ${device}: leave one of them out`)
  if (precision === 'float16' && device === 'cpu')
    throw new ArgumentError(
      'precision float16 is for GPUs, a CPU would cast every value back and forth: use float32 or int8, or name a device',
    )
  return precision
}

/** Graphs for this device and precision. The check runs at the first call, and again only if that was aborted. */
export function targetOf(engine: Engine, options: SessionOptions, precision: Precision, check: DeviceCheckOptions = {}): FindTarget {
  if (options.device === undefined || options.device === 'cpu') return () => Promise.resolve(CPU_TARGET)
  const wanted: Target = { dtype: precision === 'float16' ? 'float16' : 'float32', turns: false, fusedAttention: true }
  let found: Target | undefined
  return async (signal) => (found ??= await checkDevice(engine, options, wanted, check, signal))
}

/** The target as far as the device computes it rightly. Rejects with the signal's reason, or EngineError when nothing is right. */
async function checkDevice(
  engine: Engine,
  options: SessionOptions,
  wanted: Target,
  check: DeviceCheckOptions,
  signal?: AbortSignal,
): Promise<Target> {
  const { tolerance = TOLERANCE, onWarning = () => {} } = check
  for (const one of CASES) {
    const difference = await differenceOf(engine, options, wanted.dtype, one, signal)
    if (difference === 'no half floats') {
      onWarning(`this ${options.device} device has no half floats, so the models run in float32: slower, in twice the memory`)
      return checkDevice(engine, options, { ...wanted, dtype: 'float32' }, check, signal)
    }
    if (difference <= tolerance[wanted.dtype]) continue
    const why = difference === Number.POSITIVE_INFINITY ? 'does not come to an end' : `is off by ${difference.toExponential(0)}`
    onWarning(
      `fused attention ${why} with this ${options.device} driver; it is computed in steps instead, which is slower and takes more memory`,
    )
    return { ...wanted, fusedAttention: false }
  }
  return wanted
}

/** Relative difference between fused and composed attention, infinite when the driver takes too long. */
async function differenceOf(
  engine: Engine,
  options: SessionOptions,
  dtype: Target['dtype'],
  one: AttentionCase,
  signal?: AbortSignal,
): Promise<number | 'no half floats'> {
  const patience = AbortSignal.timeout(PATIENCE_MS)
  const either = signal ? AbortSignal.any([signal, patience]) : patience
  try {
    const session = await engine.createSession(encodeModel(bothForms(one, dtype)), options, either)
    const { fused, composed } = await session.run(feedsOf(one), either)
    await session.release()
    return relativeDifference(fused!.data as Float32Array, composed!.data as Float32Array, options.device)
  } catch (error) {
    signal?.throwIfAborted()
    if (patience.aborted) return Number.POSITIVE_INFINITY
    if (dtype === 'float16' && error instanceof EngineError && /requires f16/.test(error.message)) return 'no half floats'
    throw error
  }
}

function bothForms({ heads, width, queries, keys, causal }: AttentionCase, dtype: Target['dtype']): Graph {
  const g = Graph.create('attention check', { dtype, turns: false, fusedAttention: true })
  const input = (name: string, rows: number) => {
    const x = g.input(name, 'float32', [1, rows, heads * width])
    return dtype === 'float32' ? x : Cast(g, x, dtype)
  }
  const [query, key, value] = [input('query', queries), input('key', keys), input('value', keys)]
  const options = { numHeads: heads, causal }
  g.output('fused', Cast(g, MultiHeadAttention(g, query, key, value, options), 'float32'))
  g.output('composed', Cast(g, composedAttention(g, query, key, value, options), 'float32'))
  return g
}

function feedsOf({ heads, width, queries, keys }: AttentionCase) {
  const generator = new Generator(0n)
  const noise = (rows: number) => randn([1, rows, heads * width], generator)
  return { query: noise(queries), key: noise(keys), value: noise(keys) }
}

/** NaN in the fused form counts as a large difference; in the composed one nothing is left to compute with. */
function relativeDifference(fused: Float32Array, composed: Float32Array, device: string | undefined): number {
  if (!composed.every(Number.isFinite))
    throw new EngineError(`the ${device} driver computes no finite numbers; update it, or leave out the device to use the CPU`)
  let difference = 0
  let norm = 0
  for (const [i, value] of composed.entries()) {
    difference += (fused[i]! - value) ** 2
    norm += value ** 2
  }
  const relative = Math.sqrt(difference / norm)
  return Number.isFinite(relative) ? relative : Number.MAX_VALUE
}
