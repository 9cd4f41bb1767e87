// A pasted text as prompts, one a line, and the settings for each of them.

import type { Capabilities } from '../api/types.ts'
import type { Draft } from '../settings/draft.ts'
import type { Settings } from '../settings/settings.ts'

export type Seeds = { readonly kind: 'random' } | { readonly kind: 'counting'; readonly from: number }

/** Empty lines are none; space at both ends is not meant. */
export function linesOf(text: string): readonly string[] {
  return text
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

/** For the line at `index`, counted from 0. */
export function settingsOfLine(settings: Settings, prompt: string, seeds: Seeds, index: number): Settings {
  const seed = seeds.kind === 'random' ? -1 : seeds.from + index
  return { ...settings, prompt, seed }
}

/** How many more videos the account may ask for now. */
export function roomOf({ quota, used, queue }: Capabilities): number {
  const left = [
    queue.most - queue.waiting,
    (quota.queued ?? Number.POSITIVE_INFINITY) - used.queued,
    (quota.per_day ?? Number.POSITIVE_INFINITY) - used.per_day,
  ]
  return Math.max(0, Math.min(...left))
}

/** What the lines are queued with: the form's draft, without a task that nothing was given for. */
export function batchDraftOf({ settings, file }: Draft): Draft {
  return settings.task === 'generate' || file || settings.source ? { settings, file } : { settings: { ...settings, task: 'generate' } }
}
