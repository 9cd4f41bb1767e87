// How many threads an operator gets where the caller does not say. ONNX Runtime's own choice is the physical cores of the whole machine,
// which is too many where a container or a CPU mask leaves fewer: the threads would wait for each other.

import { availableParallelism, cpus } from 'node:os'
import { EngineError } from '../errors.ts'

/**
 * The environment's KINORA_THREADS; else what this process may use, if the machine has more; undefined for ONNX Runtime's own choice.
 * Throws EngineError when the variable is no number of threads.
 */
export function defaultThreads(env = process.env, usable = availableParallelism(), all = cpus().length): number | undefined {
  const { KINORA_THREADS: wanted = '' } = env
  if (/^\d{1,4}$/.test(wanted) && Number(wanted) > 0) return Number(wanted)
  if (wanted !== '') throw new EngineError(`KINORA_THREADS is ${JSON.stringify(wanted)}; it must be a number from 1 to 9999`)
  return usable < all ? usable : undefined
}
