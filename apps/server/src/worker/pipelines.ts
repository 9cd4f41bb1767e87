// The opened models of a worker. Opening reads a checkpoint's tables only and is kept; what takes memory is the process that each
// pipeline starts when it first generates. Those stay warm for the next job as long as they are small together.

import { checkpoint as demoCheckpoint, defaults as demoDefaults } from '@kinora/demo-model'
import type { Defaults, LoadOptions, Scheduler } from 'kinora'
import { findScheduler, schedulerFromConfig, TextToVideoPipeline, VideoToVideoPipeline } from 'kinora'
import type { Logger } from 'pino'
import type { Config, ModelConfig } from '../config/config.ts'
import { ServerError } from '../errors.ts'

/** Weights that may be in memory together; one model alone may have more. */
const WARM_BYTES = 2 ** 31
/** Pipelines that are kept opened; one with another scale of an adapter is another one. */
const MOST_OPEN = 16

interface WishedLora {
  readonly name: string
  readonly scale: number
}

interface Wish {
  /** As the configuration names it. */
  readonly model: string
  readonly loras?: readonly WishedLora[] | undefined
}

export interface Pipelines {
  textToVideo(wish: Wish): Promise<TextToVideoPipeline>
  videoToVideo(wish: Wish): Promise<VideoToVideoPipeline>
  /** Ends the processes of those that were used longest ago, so that this one's weights have room. */
  makeRoom(pipe: Pipeline): Promise<void>
  /** Samples as a request names it, or as the checkpoint does. Throws ArgumentError for an unknown name. */
  useScheduler(pipe: Pipeline, name: string | undefined): void
  dispose(): Promise<void>
}

export type Pipeline = TextToVideoPipeline | VideoToVideoPipeline

interface PipelineParts {
  readonly config: Config
  readonly log: Logger
  /** Ends downloads. */
  readonly signal?: AbortSignal | undefined
}

export function openPipelines({ config, log, signal }: PipelineParts): Pipelines {
  /** The least recently used first. */
  const opened = new Map<string, Pipeline>()
  const schedulers = new WeakMap<Pipeline, Scheduler>()

  async function open<P extends Pipeline>(
    task: string,
    wish: Wish,
    from: (source: string, options: LoadOptions) => Promise<P>,
  ): Promise<P> {
    const key = JSON.stringify([task, wish.model, wish.loras ?? []])
    const known = opened.get(key) as P | undefined
    opened.delete(key)
    const pipe = known ?? (await openOne(config, wish, log, signal, from))
    opened.set(key, pipe)
    if (!known) schedulers.set(pipe, pipe.scheduler)
    for (const [oldest, old] of opened) {
      if (opened.size <= MOST_OPEN) break
      opened.delete(oldest)
      await old.dispose()
    }
    return pipe
  }

  return {
    textToVideo: (wish) => open('t2v', wish, (source, options) => TextToVideoPipeline.fromPretrained(source, options)),
    videoToVideo: (wish) => open('v2v', wish, (source, options) => VideoToVideoPipeline.fromPretrained(source, options)),
    async makeRoom(pipe) {
      const warm = [...opened.values()].filter((other) => other !== pipe && other.enginePid !== undefined)
      let bytes = [pipe, ...warm].reduce((sum, { weightBytes }) => sum + weightBytes.total, 0)
      for (const other of warm) {
        if (bytes <= WARM_BYTES) return
        await other.dispose()
        bytes -= other.weightBytes.total
      }
    },
    useScheduler(pipe, name) {
      const own = schedulers.get(pipe) ?? pipe.scheduler
      const { className, config: changes } = name === undefined ? { className: own.className, config: {} } : findScheduler(name)
      pipe.scheduler = name === undefined ? own : schedulerFromConfig({ ...own.config, ...changes }, className)
    },
    async dispose() {
      await Promise.all([...opened.values()].map((pipe) => pipe.dispose()))
      opened.clear()
    },
  }
}

async function openOne<P extends Pipeline>(
  config: Config,
  { model, loras = [] }: Wish,
  log: Logger,
  signal: AbortSignal | undefined,
  from: (source: string, options: LoadOptions) => Promise<P>,
): Promise<P> {
  const found = config.models.find(({ name }) => name === model)
  if (!found) throw new ServerError('this machine has no such model any more', { status: 404, code: 'model_not_found' })
  const { source, defaults } = sourceOf(found)
  const pipe = await from(source, {
    ...machineOptions(config),
    ...(found.variant !== undefined && { variant: found.variant }),
    ...(found.fast !== undefined && { fast: found.fast }),
    loras: loras.map(({ name, scale }) => ({ path: loraSource(config, name), scale })),
    onProgress: downloadLog(log, model),
    onWarning: (message) => log.warn({ model }, message),
    ...(signal && { signal }),
  })
  pipe.defaults = { ...pipe.defaults, ...defaults }
  return pipe
}

/** Where a configured model lies, and the defaults that it brings. */
function sourceOf({ source }: ModelConfig): { source: string; defaults: Partial<Defaults> } {
  return source === 'demo' ? { source: demoCheckpoint, defaults: demoDefaults } : { source, defaults: {} }
}

function machineOptions({ device, precision, threads, memoryLimit }: Config): LoadOptions {
  return { device, precision, ...(threads !== null && { threads }), ...(memoryLimit !== null && { memoryLimit }) }
}

function loraSource({ loras }: Config, wanted: string): string {
  const found = loras.find(({ name }) => name === wanted)
  if (!found) throw new ServerError('this machine has no such adapter any more', { status: 404, code: 'lora_not_found', param: 'lora' })
  return found.source
}

/** A line every tenth. */
function downloadLog(log: Logger, model: string): NonNullable<LoadOptions['onProgress']> {
  let told = -1
  return ({ phase, step, total }) => {
    const tenth = Math.floor((10 * step) / Math.max(1, total))
    if (phase !== 'downloading' || tenth <= told) return
    told = tenth
    log.info({ model, percent: 10 * tenth, bytes: total }, 'downloading')
  }
}
