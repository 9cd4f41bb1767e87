// How a model is opened, from the flags: files, adapters, device.

import type { LoadOptions } from 'kinora'
import { UsageError } from './errors.ts'
import type { GenerateFlags } from './flags.ts'
import type { Listeners } from './stages.ts'

export function loadOptions(flags: GenerateFlags, listeners: Listeners): LoadOptions {
  const { variant, fast } = flags
  const options = { variant, fast, loras: flags.lora?.map(parseLora), textualInversions: flags.embedding }
  return { ...machineOptions(flags, listeners), ...present(options) }
}

/** What holds for every model of a run, whatever its files are. */
export function machineOptions(
  { device, precision, threads, memoryLimit, compiledCache }: GenerateFlags,
  { signal, onProgress, onWarning }: Listeners,
): LoadOptions {
  return present({ device, precision, threads, memoryLimit, compiledCache, signal, onProgress, onWarning })
}

/** The entries that have a value. */
export function present<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}

/** PATH or PATH@SCALE; a hub name may hold an @revision before the scale. */
export function parseLora(text: string): { path: string; scale: number } {
  const at = text.lastIndexOf('@')
  const scale = at < 0 ? Number.NaN : Number(text.slice(at + 1))
  if (at < 0 || text.slice(at + 1).trim() === '' || Number.isNaN(scale)) return { path: text, scale: 1 }
  if (at === 0) throw new UsageError(`--lora ${text} names no file`, 'for example --lora style.safetensors@0.8')
  return { path: text.slice(0, at), scale }
}
