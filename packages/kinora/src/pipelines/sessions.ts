// The models that a pipeline has loaded, by slot: one session per component, built for the shape that
// is asked for, reused while that stays, and let go so that only one large part is in memory at once.

import type { Target } from '../onnx/graph.ts'
import { CPU_TARGET, Graph } from '../onnx/graph.ts'
import { encodeModel } from '../onnx/model.ts'
import type { Engine, Session, SessionOptions } from '../runtime/engine.ts'

type Slot = 'text_encoder' | 'prompt_context' | 'unet' | 'vae_encoder' | 'vae_decoder'

/** How a graph in parts is run. */
type PartOptions = Pick<SessionOptions, 'streamed' | 'keep' | 'arena'>

/** The graph of a model for what the sessions run on, whole or in parts. */
type BuildModel = (target: Target) => Graph | readonly Graph[]

/** What graphs are built for; asked before the first one is. */
export type FindTarget = (signal?: AbortSignal) => Promise<Target>

export interface Sessions {
  /** A live session for this slot and key (whatever fixes the graph, its parts and their options); builds and loads it when there is none. */
  get(slot: Slot, key: string, build: BuildModel, signal?: AbortSignal, partOptions?: PartOptions): Promise<Session>
  /** Whether get() would have to load. */
  has(slot: Slot, key: string): boolean
  /** Called when a component has done its part: frees it when parts are offloaded, keeps it otherwise. */
  done(slot: Slot): Promise<void>
}

/** `offload` frees each component after its part of the work, the way the reference's CPU offload does. */
export function openSessions(
  engine: Engine,
  options: SessionOptions,
  offload: boolean,
  findTarget: FindTarget = () => Promise.resolve(CPU_TARGET),
): Sessions {
  const loaded = new Map<Slot, { key: string; session: Session }>()
  const free = async (slot: Slot) => {
    const entry = loaded.get(slot)
    loaded.delete(slot)
    await entry?.session.release()
  }
  const has = (slot: Slot, key: string) => loaded.get(slot)?.key === key && loaded.get(slot)?.session.alive === true
  return {
    has,
    get: async (slot, key, build, signal, partOptions = {}) => {
      if (has(slot, key)) return loaded.get(slot)!.session
      await free(slot)
      const built = build(await findTarget(signal))
      const model = built instanceof Graph ? encodeModel(built) : built.map(encodeModel)
      const session = await engine.createSession(model, { ...options, ...partOptions }, signal)
      loaded.set(slot, { key, session })
      return session
    },
    done: async (slot) => {
      if (offload) await free(slot)
    },
  }
}
