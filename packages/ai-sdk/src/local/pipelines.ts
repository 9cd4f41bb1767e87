// The opened models of a local provider, each opened once. Opening reads a checkpoint's tables only; what takes memory is the
// engine process, which a model keeps from its first video until another model is used.

import type { Defaults, LoadOptions, Scheduler } from 'kinora'
import { TextToVideoPipeline } from 'kinora'

export interface Opened {
  readonly pipe: TextToVideoPipeline
  /** The checkpoint's own, for calls that name none. */
  readonly scheduler: Scheduler
}

export interface Pipelines {
  open(modelId: string): Promise<Opened>
  /** Waits for the generations before it, ends other models' engines, and runs. */
  run<T>(opened: Opened, work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T>
  dispose(): Promise<void>
}

/** A folder, or a model of the hub by its name, with how it is opened where that differs from the provider's own way. */
export type ModelSource = string | ({ readonly source: string } & LoadOptions)

const DEMO = 'demo'

export function openPipelines(models: Readonly<Record<string, ModelSource>>, common: LoadOptions): Pipelines {
  const opened = new Map<string, Promise<Opened>>()
  let last: Promise<unknown> = Promise.resolve()

  async function openOne(modelId: string): Promise<Opened> {
    const { source, defaults, options } = await sourceOf(modelId, models)
    const pipe = await TextToVideoPipeline.fromPretrained(source, { ...common, ...options })
    pipe.defaults = { ...pipe.defaults, ...defaults }
    return { pipe, scheduler: pipe.scheduler }
  }

  async function endOthers(kept: Opened): Promise<void> {
    for (const other of await Promise.all(opened.values())) if (other !== kept) await other.pipe.dispose()
  }

  return {
    open(modelId) {
      const known = opened.get(modelId) ?? openOne(modelId)
      opened.set(modelId, known)
      known.catch(() => opened.delete(modelId)) // what could not be opened may be tried again
      return known
    },
    run(wanted, work, signal) {
      const turn = last.then(async () => {
        signal?.throwIfAborted()
        await endOthers(wanted)
        return work()
      })
      last = turn.catch(() => {})
      return turn
    },
    async dispose() {
      const all = await Promise.allSettled(opened.values())
      opened.clear()
      for (const each of all) if (each.status === 'fulfilled') await each.value.pipe.dispose()
    },
  }
}

async function sourceOf(modelId: string, models: Readonly<Record<string, ModelSource>>) {
  const given = Object.hasOwn(models, modelId) ? models[modelId] : undefined
  if (given === undefined && modelId === DEMO) {
    const { checkpoint, defaults } = await demoModel()
    return { source: checkpoint, defaults, options: {} }
  }
  const { source, ...options } = typeof given === 'object' ? given : { source: given ?? modelId }
  return { source, defaults: {}, options }
}

async function demoModel(): Promise<{ checkpoint: string; defaults: Partial<Defaults> }> {
  try {
    return await import('@kinora/demo-model')
  } catch (cause) {
    throw new Error('the demo model is not installed: npm install @kinora/demo-model, or name another model', { cause })
  }
}
