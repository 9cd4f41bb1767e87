// Settings as a link that fills the form of whoever opens it, and back. A link is untrusted: what is no such value is left out,
// and nothing is begun by it.

import { BASE } from '../base.ts'
import { isSaid } from './options.ts'
import { NOTHING, type Settings } from './settings.ts'

const TEXTS = ['prompt', 'model', 'negative_prompt', 'scheduler'] as const
const NUMBERS = ['num_frames', 'fps', 'num_inference_steps', 'guidance_scale', 'seed', 'width', 'height', 'strength', 'overlap'] as const
const MOST_TEXT = 20_000
const MOST_LORAS = 20
const NAME = /^[\w.-]{1,100}$/

/** Absolute address of the form, filled. */
export function linkOf(settings: Settings): string {
  const url = new URL(BASE)
  const { task, source, lora = [] } = settings
  if (task !== 'generate') url.searchParams.set('task', task)
  for (const name of [...TEXTS, ...NUMBERS]) {
    const value = settings[name]
    if (value !== undefined && value !== '' && isSaid(task, name)) url.searchParams.set(name, String(value))
  }
  for (const { name, scale } of lora) url.searchParams.append('lora', `${scale}:${name}`)
  if (source && task !== 'generate') url.searchParams.set('source', source.id)
  return url.href
}

/** Undefined where the query says nothing of them. */
export function settingsOfLink(params: URLSearchParams): Settings | undefined {
  const texts = TEXTS.flatMap((name) => {
    const value = params.get(name)
    return value === null || value.length > MOST_TEXT ? [] : [[name, value] as const]
  })
  const numbers = NUMBERS.flatMap((name) => {
    const value = numberOf(params.get(name))
    return value === undefined ? [] : [[name, value] as const]
  })
  const lora = params.getAll('lora').slice(0, MOST_LORAS).flatMap(adapterOf)
  if (texts.length + numbers.length + lora.length === 0) return undefined
  return {
    ...NOTHING,
    ...(Object.fromEntries([...texts, ...numbers]) as Partial<Settings>),
    ...(lora.length > 0 && { lora }),
    ...sourceOf(params),
  }
}

/** A task without its source would be one that cannot be asked for. */
function sourceOf(params: URLSearchParams): Partial<Settings> {
  const [task, id] = [params.get('task'), params.get('source')]
  if ((task !== 'edit' && task !== 'extend') || id === null || !NAME.test(id)) return {}
  return { task, source: { id } }
}

function adapterOf(text: string): { name: string; scale: number }[] {
  const [, scale, name] = /^([^:]{1,20}):([^:]{1,200})$/.exec(text) ?? []
  const number = numberOf(scale ?? null)
  return name === undefined || number === undefined ? [] : [{ name, scale: number }]
}

function numberOf(text: string | null): number | undefined {
  if (text === null || text.trim() === '' || text.length > 20) return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}
