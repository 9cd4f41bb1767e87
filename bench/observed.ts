// The library's own pipeline with a stop watch inside: what is built, encoded, loaded and run, by slot.
// The pipeline is opened and driven as a program would; only its sessions and its engine are wrapped, so
// that every option of the library (precision, device, memory) holds here without a word about it.

import { type LoadOptions, loadParts, type Parts } from '../packages/kinora/src/pipelines/load.ts'
import { TextToVideoPipeline } from '../packages/kinora/src/pipelines/text-to-video.ts'
import type { Engine, Feeds, Session } from '../packages/kinora/src/runtime/engine.ts'
import { elapsed } from './clock.ts'

/** build: the graph; encode: its bytes; engine: starting the process; load: until the session is there; run: one inference. */
export type Work = 'build' | 'encode' | 'engine' | 'load' | 'hold' | 'run'

export interface Span {
  /** The pipeline's name of the model: text_encoder, prompt_context, unet, vae_decoder. */
  slot: string
  work: Work
  seconds: number
}

type Sessions = Parts['sessions']

/** `beforeRun` may throw, to end a generation there. */
interface Hooks {
  beforeRun?: (slot: string) => void
}

export class ObservedPipeline extends TextToVideoPipeline {
  /** In the order in which they ended. */
  readonly spans: Span[] = []
  /** What the last run of a slot gave. */
  readonly outputs = new Map<string, Feeds>()
  readonly parts: Parts

  static async open(model: string, options: LoadOptions, hooks: Hooks = {}): Promise<ObservedPipeline> {
    const parts = await loadParts(model, options, 'text-to-video')
    const spans: Span[] = []
    const outputs = new Map<string, Feeds>()
    return new ObservedPipeline({ ...parts, sessions: observe(parts, spans, outputs, hooks) }, spans, outputs)
  }

  private constructor(parts: Parts, spans: Span[], outputs: Map<string, Feeds>) {
    super(parts)
    this.parts = parts
    this.spans = spans
    this.outputs = outputs
  }

  /** Sum of the spans that are chosen. */
  seconds(chosen: (span: Span) => boolean): number {
    return this.spans.filter(chosen).reduce((sum, span) => sum + span.seconds, 0)
  }
}

function observe({ engine, sessions }: Parts, spans: Span[], outputs: Map<string, Feeds>, hooks: Hooks): Sessions {
  let slot = ''
  let built: number | undefined
  const note = (work: Work, since: number): void => void spans.push({ slot, work, seconds: elapsed(since) })
  observeEngine(engine, note, () => {
    if (built !== undefined) note('encode', built)
    built = undefined
  })
  const get: Sessions['get'] = async (name, key, build, ...rest) => {
    slot = name
    const timedBuild: typeof build = (...given) => {
      const begin = performance.now()
      const graph = build(...given)
      note('build', begin)
      built = performance.now()
      return graph
    }
    const session = await sessions.get(name, key, timedBuild, ...rest)
    return observeSession(name, session, spans, outputs, hooks)
  }
  return { ...sessions, get }
}

/** The process is started before the first session is created, so that both can be told apart. */
function observeEngine(engine: Engine, note: (work: Work, since: number) => void, encoded: () => void): void {
  const create = engine.createSession.bind(engine)
  engine.createSession = async (...args) => {
    encoded()
    if (engine.pid === undefined) {
      const begin = performance.now()
      await engine.backends()
      note('engine', begin)
    }
    const begin = performance.now()
    const session = await create(...args)
    note('load', begin)
    return session
  }
}

function observeSession(slot: string, session: Session, spans: Span[], outputs: Map<string, Feeds>, { beforeRun }: Hooks): Session {
  const timed = async <T>(work: Work, done: Promise<T>): Promise<T> => {
    const begin = performance.now()
    const result = await done
    spans.push({ slot, work, seconds: elapsed(begin) })
    return result
  }
  const run: Session['run'] = async (...args) => {
    beforeRun?.(slot)
    const result = await timed('run', session.run(...args))
    outputs.set(slot, result)
    return result
  }
  const hold: Session['hold'] = (...args) => timed('hold', session.hold(...args))
  // What else a session has is the original's.
  return Object.assign(Object.create(session) as Session, { run, hold })
}
