// What stands in the way of a request, as far as it can be told before asking: a form says so instead of being refused.

import type { Capabilities } from '../api/types.ts'
import { fieldOf, modelOf, sizeOf } from './limits.ts'
import type { Settings } from './settings.ts'

export interface Problem {
  readonly kind: 'empty' | 'tooLong' | 'unknownModel' | 'notMultiple' | 'tooManyPixels' | 'queueFull' | 'quotaQueued' | 'quotaPerDay'
  /** The field that is at fault; absent where it is none. */
  readonly param?: keyof Settings
}

/** The first one, in the order of the form. */
export function problemOf(capabilities: Capabilities, settings: Settings): Problem | undefined {
  return roomProblem(capabilities) ?? valueProblem(capabilities, settings)
}

/** A quota that is used up, or a full queue: it passes by itself. */
export function roomProblem({ quota, used, queue }: Capabilities): Problem | undefined {
  if (queue.waiting >= queue.most) return { kind: 'queueFull' }
  if (quota.queued !== null && used.queued >= quota.queued) return { kind: 'quotaQueued' }
  return quota.per_day !== null && used.per_day >= quota.per_day ? { kind: 'quotaPerDay' } : undefined
}

function valueProblem(capabilities: Capabilities, settings: Settings): Problem | undefined {
  const { prompt, model, task } = settings
  if (prompt.trim() === '') return { kind: 'empty', param: 'prompt' }
  if (prompt.length > capabilities.limits.prompt_length) return { kind: 'tooLong', param: 'prompt' }
  if (!modelOf(capabilities, model)) return { kind: 'unknownModel', param: 'model' }
  return task === 'extend' ? undefined : sizeProblem(capabilities, settings)
}

function sizeProblem(capabilities: Capabilities, settings: Settings): Problem | undefined {
  const multiple = fieldOf(capabilities, settings.model, 'width')?.least ?? 1
  for (const param of ['width', 'height'] as const) if ((settings[param] ?? 0) % multiple !== 0) return { kind: 'notMultiple', param }
  const size = sizeOf(capabilities, settings)
  return size && size.width * size.height > capabilities.limits.pixels ? { kind: 'tooManyPixels', param: 'width' } : undefined
}
