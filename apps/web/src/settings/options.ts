// The form's options: which of them a task has, and which differ from what the model does by itself, so that they can be
// counted and taken back at once.

import type { Capabilities } from '../api/types.ts'
import { defaultOf, modelOf } from './limits.ts'
import { NOTHING, type Settings } from './settings.ts'

/** Width and height are one option. */
export type Option = Exclude<keyof Settings, 'task' | 'prompt' | 'height'>

/** What a task leaves to its source, or does not have. */
const NOT_OF: Readonly<Record<Settings['task'], readonly (keyof Settings)[]>> = {
  generate: ['strength', 'overlap', 'source'],
  edit: ['num_frames', 'overlap'],
  extend: ['width', 'height'],
}

const OPTIONS: readonly Option[] = [
  'model',
  'negative_prompt',
  'num_frames',
  'fps',
  'num_inference_steps',
  'guidance_scale',
  'seed',
  'width',
  'scheduler',
  'lora',
  'strength',
  'overlap',
  'source',
]

/** Whether a request of this task says it; the form keeps what is not said. */
export function isSaid(task: Settings['task'], name: keyof Settings): boolean {
  return !NOT_OF[task].includes(name)
}

/** `hasFile`: whether it starts from a file, which settings do not have. */
export function changedOptions(capabilities: Capabilities, settings: Settings, hasFile = false): Option[] {
  const said = OPTIONS.filter((name) => isSaid(settings.task, name))
  return said.filter((name) => (name === 'source' && hasFile) || isChanged(capabilities, settings, name))
}

/** The prompt is no option: it stays. */
export function withoutOptions({ prompt }: Settings): Settings {
  return { ...NOTHING, prompt }
}

function isChanged(capabilities: Capabilities, settings: Settings, name: Option): boolean {
  const own = modelOf(capabilities, settings.model)
  switch (name) {
    case 'model':
      return settings.model !== undefined && settings.model !== capabilities.default_model
    case 'lora':
      return (settings.lora ?? []).length > 0
    case 'source':
      return settings.source !== undefined
    case 'negative_prompt':
    case 'scheduler':
      return settings[name] !== undefined && settings[name] !== own?.[name]
    case 'width':
      return differs(capabilities, settings, 'width') || differs(capabilities, settings, 'height')
    default:
      return differs(capabilities, settings, name)
  }
}

function differs(capabilities: Capabilities, settings: Settings, name: Parameters<typeof defaultOf>[2]): boolean {
  return settings[name] !== undefined && settings[name] !== defaultOf(capabilities, settings, name)
}
