// The form's content, outside of it: it stays between visits, and other pages put settings into it.

import { kept } from '../ui/kept.ts'
import { NOTHING, type Settings } from './settings.ts'

export interface Draft {
  readonly settings: Settings
  /** A video or picture of the user's own to start from; not kept between visits. */
  readonly file?: File | undefined
}

const draft = kept<Draft>(
  'draft',
  (stored) => ({ settings: isSettings(stored) ? { ...NOTHING, ...stored } : NOTHING }),
  ({ settings }) => settings,
)

export const getDraft: () => Draft = draft.get

/** Replaces what is there. */
export const setDraft: (next: Draft) => void = draft.set

export const useDraft: () => Draft = draft.use

/** What is no settings any more, after an update of the application, is forgotten. */
function isSettings(value: unknown): value is Partial<Settings> {
  return typeof value === 'object' && value !== null && 'prompt' in value && typeof value.prompt === 'string'
}
