// Node's engine: a child process, or the caller's own when asked. Imported as `#engine`.

import { openChildEngine } from './child-engine.node.ts'
import type { Engine, EngineOptions } from './engine.ts'

export { int8Type } from './int8-type.node.ts'

/** The binding is loaded only by the process that runs models. */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  if (!options.inProcess) return openChildEngine(options)
  const { openLocalEngine } = await import('./local-engine.node.ts')
  return openLocalEngine()
}
