// Opens a checkpoint, its adapters and an engine for a pipeline, as its LoadOptions say. What is not on
// this machine is downloaded. Configs and tensor headers are read and checked; weights are not read
// before they are first needed.

import { openEngine } from '#engine'
import { kinoraFolder } from '#kinora-folder'
import { openCheckpoint } from '../checkpoint/open.ts'
import type { Preset } from '../checkpoint/presets.ts'
import { findPreset } from '../checkpoint/presets.ts'
import { ArgumentError } from '../errors.ts'
import type { Device } from '../runtime/devices.ts'
import { chooseDevice } from '../runtime/devices.ts'
import type { Engine, SessionOptions } from '../runtime/engine.ts'
import { schedulerFromConfig } from '../schedulers/index.ts'
import type { Scheduler } from '../schedulers/scheduler.ts'
import type { LoadedLora, LoraSource } from './adapters.ts'
import { addLoras } from './adapters.ts'
import type { Precision } from './device-check.ts'
import { choosePrecision, targetOf } from './device-check.ts'
import type { DownloadOptions } from './download.ts'
import { locateModel } from './download.ts'
import { int8UNet } from './int8.ts'
import type { MemoryBudget } from './memory-plan.ts'
import { parseBytes } from './memory-plan.ts'
import type { ModelFiles } from './model-files.ts'
import { parseModelFiles } from './model-files.ts'
import type { Sessions } from './sessions.ts'
import { openSessions } from './sessions.ts'
import type { Defaults } from './settings.ts'
import type { TextualInversionSource } from './textual-inversions.ts'
import { loadTextualInversions } from './textual-inversions.ts'

/** Above this the components are loaded one after the other. */
const OFFLOAD_ABOVE_BYTES = 2 ** 31

/** Latent height and width of the whole family, for a config that names none. */
const DEFAULT_SAMPLE_SIZE = 32

/** The adapter of `fast: true`; presets.ts has its settings. */
const FAST_LORA = 'mcm'

/** How a checkpoint is opened, and downloaded where it is not here. */
export interface LoadOptions extends DownloadOptions {
  /** `fp16` reads `*.fp16.safetensors`. */
  variant?: string
  /** Adapters (LoRA) to merge into the weights: files, folders or names of the hub. */
  loras?: readonly LoraSource[]
  /** Files whose words the prompts may use. */
  textualInversions?: readonly TextualInversionSource[]
  /** Few steps without guidance: adds the Motion Consistency Model's adapter (arXiv 2406.06890), which is made for ms-1.7b. */
  fast?: boolean
  /** auto, cpu, webgpu, cuda, coreml or dml. Default auto. */
  device?: string
  /**
   * Arithmetic of the models, whatever the files hold. int8 is for the UNet on a CPU: twice as fast and in less than half of the
   * memory, a little off; its weights are made once for each model and kept in Kinora's cache. Default auto: float32 on a CPU,
   * float16 on a GPU.
   */
  precision?: 'auto' | Precision
  /** Threads of one operator. Default KINORA_THREADS, else the physical cores, or fewer where the process may not use all. */
  threads?: number
  /**
   * The most memory that a generation may take, in bytes or as `8GiB`: what saves memory and costs time is chosen so that it stays below, as
   * far as can be estimated. Default: what is free when the model is opened.
   */
  memoryLimit?: number | string
  /**
   * Keep models on disk in the form that a CPU runs them in, in this folder or, for `true`, in Kinora's cache: loading again takes a fraction of
   * the time, and weights stay in the mapped files. Results are the same. Takes up to twice the float32 weights for each size of video;
   * beyond 32 GiB the least recently used go. Default false.
   */
  compiledCache?: boolean | string
  /** Keep only the component in memory that is at work. Default: when the weights exceed 2 GiB, or half of the memory that may be taken. */
  offload?: boolean
  /** Run the models in this process instead of a child: blocks the event loop. Default false. */
  inProcess?: boolean
}

/** What a pipeline is made of. */
export interface Parts {
  files: ModelFiles
  engine: Engine
  sessions: Sessions
  precision: Precision
  /** One component in memory at a time. */
  offload: boolean
  budget: MemoryBudget
  scheduler: Scheduler
  defaults: Defaults
  /** What is known of the checkpoint, when it is a published one. */
  preset: Preset | undefined
  loras: readonly LoadedLora[]
}

export type Task = 'text-to-video' | 'video-to-video'

/** Throws ArgumentError for the options, CheckpointError and UnsupportedConfigError for what is opened. */
export async function loadParts(model: string, options: LoadOptions, task: Task): Promise<Parts> {
  const { inProcess = false, loras = [], textualInversions = [], fast = false } = options
  const sessionOptions = checkOptions(options)
  const limit = checkLimit(options, sessionOptions.device)
  const compiled = checkCompiled(options, sessionOptions.device)
  const precision = choosePrecision(options.precision ?? 'auto', sessionOptions.device)
  const located = await locateModel(model, { ...options, preferHalf: sessionOptions.device !== 'cpu' })
  const variant = located.local ? options.variant : located.variant
  const plain = await openCheckpoint(located.path, variant === undefined ? {} : { variant })
  const added = await addLoras(plain, fast ? [...loras, FAST_LORA] : loras, options)
  const files = await loadTextualInversions(parseModelFiles(added.checkpoint), textualInversions)
  const preset = findPreset(model)
  const engine = await openEngine({ inProcess, lean: limit !== undefined || sessionOptions.device !== 'cpu' || !isPlain(files, precision) })
  const budget: MemoryBudget = sessionOptions.device === 'cpu' ? { limit, available: engine.availableMemory() } : {} // a device has memory of its own
  const room = Math.min(OFFLOAD_ABOVE_BYTES, (budget.limit ?? budget.available ?? Number.POSITIVE_INFINITY) / 2)
  const offload = options.offload ?? files.weightBytes.total > room
  return {
    files: precision === 'int8' ? { ...files, int8UNet: int8UNet(files, added.loras, engine, sessionOptions) } : files,
    engine,
    sessions: openSessions(
      engine,
      { ...sessionOptions, ...compiled },
      offload,
      targetOf(engine, sessionOptions, precision, { onWarning: options.onWarning }),
    ),
    precision,
    offload,
    budget,
    scheduler: chooseScheduler(files, added.loras),
    defaults: defaultsOf(files, task, preset, added.loras),
    preset,
    loras: added.loras,
  }
}

function checkOptions({ device = 'auto', precision = 'auto', threads }: LoadOptions): SessionOptions & { device: Device } {
  if (!['auto', 'float32', 'float16', 'int8'].includes(precision))
    throw new ArgumentError(`precision is "${precision}"; use auto, float32, float16 or int8`)
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1))
    throw new ArgumentError(`threads is ${threads}; it must be 1 or more`)
  return { device: chooseDevice(device), ...(threads === undefined ? {} : { threads }) }
}

/** Whether the UNet's weights are computed with as they are stored. What is merged or cast while loading leaves gaps in a heap that keeps them. */
function isPlain({ checkpoint }: ModelFiles, precision: Parts['precision']): boolean {
  const weights = [...checkpoint.weights('unet').entries().values()]
  return precision === 'float32' && weights.every(({ dtype, deltas = [] }) => dtype === 'float32' && deltas.length === 0)
}

/** Of the sessions that generate; those that quantize run once. */
function checkCompiled({ compiledCache = false }: LoadOptions, device: Device): Pick<SessionOptions, 'compiled'> {
  if (compiledCache === false) return {}
  if (device !== 'cpu') throw new ArgumentError(`compiledCache is for the CPU, device is ${device}: leave one of them out`)
  if (compiledCache === '') throw new ArgumentError("compiledCache is empty; name a folder, or use true for the one in Kinora's cache")
  return { compiled: { folder: compiledCache === true ? kinoraFolder('compiled') : compiledCache } }
}

function checkLimit({ memoryLimit }: LoadOptions, device: Device): number | undefined {
  if (memoryLimit === undefined) return undefined
  if (device !== 'cpu') throw new ArgumentError(`memoryLimit is for the CPU, device is ${device}: leave one of them out`)
  return parseBytes('memoryLimit', memoryLimit)
}

/** The checkpoint's own, or the one that a distilled adapter was made for. */
function chooseScheduler({ checkpoint }: ModelFiles, loras: readonly LoadedLora[]): Scheduler {
  const own = checkpoint.configs.scheduler
  const needed = loras.findLast(({ preset }) => preset?.scheduler)?.preset?.scheduler
  return needed ? schedulerFromConfig({ ...own, ...needed.config }, needed.className) : schedulerFromConfig(own)
}

/** The reference's defaults, over them what suits the published model, and over that how its adapters want to be sampled. */
function defaultsOf({ unet, vae }: ModelFiles, task: Task, preset: Preset | undefined, loras: readonly LoadedLora[]): Defaults {
  const native = (unet.sampleSize ?? DEFAULT_SAMPLE_SIZE) * vae.scaleFactor
  const guidanceScale = task === 'text-to-video' ? 9 : 15
  const defaults = { height: native, width: native, numFrames: 16, numInferenceSteps: 50, guidanceScale, strength: 0.6, fps: 8 }
  // The number of steps that a card suggests is for the scheduler that it swaps in; the checkpoint's own stays here.
  const { scheduler, numInferenceSteps, ...known } = preset ?? {}
  const suited = scheduler ? known : { ...known, numInferenceSteps }
  for (const name of Object.keys(defaults) as (keyof Defaults)[]) defaults[name] = (suited as Partial<Defaults>)[name] ?? defaults[name]
  for (const name of ['numInferenceSteps', 'guidanceScale'] as const)
    defaults[name] = loras.findLast((lora) => lora.preset?.[name] !== undefined)?.preset?.[name] ?? defaults[name]
  return defaults
}
