// What the fields of the form share: what the service offers, what is chosen, and what was refused.

import { createContext, useContext } from 'react'
import type { Capabilities, ModelObject } from '../api/types.ts'
import { getDraft, setDraft } from '../settings/draft.ts'
import type { Settings } from '../settings/settings.ts'

/** A field that the service refused, and why, in a sentence. */
export interface Refusal {
  readonly param: string
  readonly text: string
}

export interface Form {
  readonly capabilities: Capabilities
  readonly models: readonly ModelObject[]
  readonly settings: Settings
  readonly file: File | undefined
  readonly refusal: Refusal | undefined
}

const FOCUSABLE = 'input, textarea, button'
/** Milliseconds until a section that was closed can take the focus. */
const SHOWN_AFTER = 60
const SHOWN_WITHIN = 5000

export const FormContext = createContext<Form | undefined>(undefined)

export function useForm(): Form {
  const form = useContext(FormContext)
  if (!form) throw new Error('there is no form around this field')
  return form
}

/** Replaces some settings; undefined leaves one to the model. */
export function changeSettings(change: Partial<Settings>): void {
  const { settings, ...rest } = getDraft()
  setDraft({ ...rest, settings: { ...settings, ...change } })
}

/** The element that a field's errors and labels name. */
export function idOf(name: string): string {
  return `create-${name}`
}

/** The field of the form that shows a parameter of the API: `lora[0].scale` and `size` have no field of their own. */
export function fieldOfParam(param: string): string {
  const [name = ''] = param.split(/[[.]/)
  if (name === 'size' || name === 'height') return 'width'
  if (name === 'seconds') return 'num_frames'
  return name === 'video' || name === 'input_reference' ? 'source' : name
}

/** Moves the focus to a field, or into a group of them, once it is shown: its section may have to be loaded. */
export function focusField(name: string): void {
  const deadline = performance.now() + SHOWN_WITHIN
  const look = () => {
    const field = document.getElementById(idOf(name))
    const control = field?.matches(FOCUSABLE) ? field : field?.querySelector<HTMLElement>(FOCUSABLE)
    if (!control?.checkVisibility()) return void (performance.now() < deadline && setTimeout(look, SHOWN_AFTER))
    control.focus({ preventScroll: true })
    control.scrollIntoView({ block: 'center' })
  }
  setTimeout(look, SHOWN_AFTER)
}
