// Opens a checkpoint, its adapters and an engine for a pipeline, as its LoadOptions say. What is not on
// this machine is downloaded. Configs and tensor headers are read and checked; weights are not read
// before they are first needed.

import { openEngine } from '#engine'
import { openCheckpoint } from '../checkpoint/open.ts'
import type { Preset } from '../checkpoint/presets.ts'
import { findPreset } from '../checkpoint/presets.ts'
import { ArgumentError } from '../errors.ts'
import { chooseDevice } from '../runtime/devices.ts'
import type { Engine, SessionOptions } from '../runtime/engine.ts'
import { schedulerFromConfig } from '../schedulers/index.ts'
import type { Scheduler } from '../schedulers/scheduler.ts'
import type { LoadedLora, LoraSource } from './adapters.ts'
import { addLoras } from './adapters.ts'
import type { DownloadOptions } from './download.ts'
import { locateModel } from './download.ts'
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
  const located = await locateModel(model, { ...options, preferHalf: sessionOptions.device !== 'cpu' })
  const variant = located.local ? options.variant : located.variant
  const plain = await openCheckpoint(located.path, variant === undefined ? {} : { variant })
  const added = await addLoras(plain, fast ? [...loras, FAST_LORA] : loras, options)
  const files = await loadTextualInversions(parseModelFiles(added.checkpoint), textualInversions)
  const preset = findPreset(model)
  const engine = await openEngine({ inProcess })
  const offload = options.offload ?? files.weightBytes.total > OFFLOAD_ABOVE_BYTES
  return {
    files,
    engine,
    sessions: openSessions(engine, sessionOptions, offload),
    offload,
    scheduler: chooseScheduler(files, added.loras),
    defaults: defaultsOf(files, task, preset, added.loras),
    preset,
    loras: added.loras,
  }
}

function checkOptions({ device = 'auto', precision = 'auto', threads }: LoadOptions): SessionOptions {
  if (precision !== 'auto' && precision !== 'float32') throw new ArgumentError(`precision is "${precision}"; use auto or float32`)
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1))
    throw new ArgumentError(`threads is ${threads}; it must be 1 or more`)
  return { device: chooseDevice(device), ...(threads === undefined ? {} : { threads }) }
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
