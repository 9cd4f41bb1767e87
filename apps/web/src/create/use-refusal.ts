// A refusal of the service, at the field that it names: the section of that field opens, and the field has the focus.

import { useEffect } from 'react'
import { ApiError } from '../api/client.ts'
import { useErrorText } from '../i18n/use-error-text.ts'
import { fieldOfParam, focusField, type Refusal } from './form-context.ts'

const FIELDS: ReadonlySet<string> = new Set([
  'prompt',
  'seed',
  'num_frames',
  'fps',
  'num_inference_steps',
  'guidance_scale',
  'negative_prompt',
  'width',
  'scheduler',
  'model',
  'lora',
  'source',
  'strength',
  'overlap',
])

/** `general`: the sentence of an error that belongs to no field. */
export function useRefusal(error: Error | undefined, setOpened: (opened: boolean) => void): { refusal?: Refusal; general?: string } {
  const errorText = useErrorText()
  const field = error instanceof ApiError && error.param !== undefined ? fieldOfParam(error.param) : undefined
  const known = field !== undefined && FIELDS.has(field) ? field : undefined
  useEffect(() => {
    if (!error || known === undefined) return
    if (known !== 'prompt') setOpened(true)
    focusField(known)
  }, [error, known, setOpened])
  if (!error) return {}
  return known === undefined ? { general: errorText(error) } : { refusal: { param: known, text: errorText(error) } }
}
