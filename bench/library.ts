// What the benchmark's options mean to the library and to its command line. Values go through as they
// are, so that a precision, a device or a limit only has to be known by the library.

import type { LoadOptions } from '../packages/kinora/src/pipelines/load.ts'
import type { BenchOptions } from './options.ts'

/** For opening a pipeline. */
export function loadOptions({ dtype, precision, device, threads, memoryLimit, compiledCache }: BenchOptions): LoadOptions {
  return {
    ...(dtype === 'float16' && { variant: 'fp16' }),
    precision: precision as NonNullable<LoadOptions['precision']>, // the library refuses what it does not know
    device,
    ...(threads !== undefined && { threads }),
    ...(memoryLimit !== undefined && { memoryLimit }),
    ...(compiledCache !== undefined && { compiledCache }),
  }
}

/** For `kinora generate`. */
export function commandLineOptions(options: BenchOptions): string[] {
  const { checkpoint, dtype, precision, device, threads, memoryLimit, frames, height, width } = options
  const given = {
    model: checkpoint,
    variant: dtype === 'float16' ? 'fp16' : undefined,
    precision,
    device,
    threads,
    'memory-limit': memoryLimit,
    frames,
    height,
    width,
  }
  return Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, `${value}`]))
}
