// Node's engine: a child process, or the caller's own when asked. Imported as `#engine`.

import { openChildEngine } from './child-engine.node.ts'
import type { Engine, EngineOptions } from './engine.ts'
import { openLocalEngine } from './local-engine.node.ts'

export function openEngine(options: EngineOptions = {}): Engine {
  return options.inProcess ? openLocalEngine() : openChildEngine()
}
