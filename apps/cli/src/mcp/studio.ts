// Makes the videos of an assistant: one after the other, with one model in memory, which stays there for the next one.

import type { OverallProgress, Settings, Video } from 'kinora'
import { createOverall, saveVideo, TextToVideoPipeline } from 'kinora'
import type { McpFlags } from '../commands/mcp.ts'
import { machineOptions, present } from '../load-options.ts'
import { chooseModel } from '../model.ts'
import { chooseScheduler } from '../scheduler.ts'
import { VERSION } from '../version.ts'
import { newFile } from './files.ts'
import type { OfferedModel } from './models.ts'
import type { GenerateInput } from './schemas.ts'

interface Listeners {
  readonly signal: AbortSignal
  /** `share` of the whole is done, from 0 to 1. */
  readonly tell: (share: number, progress: OverallProgress) => void
}

export interface Made {
  readonly path: string
  readonly bytes: number
  readonly settings: Settings
  readonly fps: number
  readonly license: string | undefined
  readonly warnings: readonly string[]
  readonly seconds: number
}

interface Running extends OverallProgress {
  readonly prompt: string
  readonly share: number
  readonly since: number
}

interface Loaded {
  readonly name: string
  /** Without a path of this machine. */
  readonly publicName: string
  readonly pipe: TextToVideoPipeline
  readonly scheduler: TextToVideoPipeline['scheduler']
}

export interface Studio {
  make(input: GenerateInput, model: OfferedModel, listeners: Listeners): Promise<Made>
  state(): {
    readonly running: Running | undefined
    readonly waiting: number
    readonly loaded: string | undefined
    readonly peakBytes: number | undefined
  }
  dispose(): Promise<void>
}

/** Downloads count little of the whole, which does not begin before they end. */
const DOWNLOAD_SHARE = 0.01

export function openStudio({ model: _model, output: _output, ...machine }: McpFlags, output: string): Studio {
  let last: Promise<unknown> = Promise.resolve()
  let [running, loaded]: [Running | undefined, Loaded | undefined] = [undefined, undefined]
  let waiting = 0
  let peakBytes: number | undefined

  async function load(model: OfferedModel, { signal, tell }: Listeners): Promise<Loaded> {
    if (loaded?.name === model.name) return loaded
    await loaded?.pipe.dispose()
    loaded = undefined
    const { name: publicName, source, defaults } = await chooseModel(model.source)
    const onProgress = (progress: OverallProgress) => tell((DOWNLOAD_SHARE * progress.step) / Math.max(1, progress.total), progress)
    const pipe = await TextToVideoPipeline.fromPretrained(source, machineOptions(machine, { signal, onProgress }))
    pipe.defaults = { ...pipe.defaults, ...defaults }
    loaded = { name: model.name, publicName, pipe, scheduler: pipe.scheduler }
    return loaded
  }

  async function makeNow(input: GenerateInput, model: OfferedModel, { signal, tell }: Listeners): Promise<Made> {
    const since = performance.now()
    const told: Listeners['tell'] = (share, progress) => {
      running = { ...progress, share, prompt: input.prompt, since }
      tell(share, progress)
    }
    const { pipe, scheduler, publicName } = await load(model, { signal, tell: told })
    pipe.scheduler = input.scheduler === undefined ? scheduler : chooseScheduler(scheduler, input.scheduler)
    const options = optionsOf(input, machine)
    const { seed } = pipe.resolve(options)
    const settings = pipe.resolve({ ...options, seed: BigInt(seed) })
    const fps = input.fps ?? pipe.defaults.fps
    const overall = createOverall([settings])
    const onProgress = (progress: OverallProgress) => told(DOWNLOAD_SHARE + (1 - DOWNLOAD_SHARE) * overall(0, progress), progress)
    const video = await pipe.generate({ ...options, seed: BigInt(seed), signal, onProgress })
    peakBytes = await pipe.peakMemory() // asked now, since the engine does not answer while it computes
    onProgress({ phase: 'encoding video', step: 0, total: 1 })
    const path = await newFile(output, { prompt: input.prompt, seed, format: input.format })
    const { bytes, notes } = await saveVideo(video, path, { fps, signal, metadata: metadataOf(video, publicName, fps) })
    onProgress({ phase: 'encoding video', step: 1, total: 1 })
    const warnings = [...video.warnings, ...notes]
    return {
      path,
      bytes,
      settings: video.settings,
      fps,
      license: pipe.preset?.license,
      warnings,
      seconds: (performance.now() - since) / 1000,
    }
  }

  return {
    make(input, model, listeners) {
      waiting++
      const turn = last.then(async () => {
        waiting--
        listeners.signal.throwIfAborted()
        try {
          return await makeNow(input, model, listeners)
        } finally {
          running = undefined
        }
      })
      last = turn.catch(() => {})
      return turn
    },
    state: () => ({ running, waiting, loaded: loaded?.pipe.enginePid === undefined ? undefined : loaded.name, peakBytes }),
    async dispose() {
      await last
      await loaded?.pipe.dispose()
    },
  }
}

function optionsOf(input: GenerateInput, { vaeTiling }: Pick<McpFlags, 'vaeTiling'>) {
  const { width, height, seed } = input
  return {
    prompt: input.prompt,
    ...present({
      negativePrompt: input.negative_prompt,
      numFrames: input.num_frames,
      numInferenceSteps: input.num_inference_steps,
      guidanceScale: input.guidance_scale,
      width,
      height,
      seed,
      vaeTiling,
    }),
  }
}

/** As `kinora generate` writes it, so that `kinora metadata` reads it. */
function metadataOf({ settings }: Video, model: string, fps: number): Record<string, unknown> {
  return { kinora: VERSION, model, ...settings, prompt: settings.prompt[0], negativePrompt: settings.negativePrompt[0], fps }
}
