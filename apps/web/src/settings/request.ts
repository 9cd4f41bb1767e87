// Asks for a video with settings: as JSON, or as a form where a file of the user's comes along.

import { ask } from '../api/client.ts'
import type { VideoObject } from '../api/types.ts'
import { isSaid } from './options.ts'
import type { Settings } from './settings.ts'

const PATHS = { generate: '/v1/videos', edit: '/v1/videos/edits', extend: '/v1/videos/extensions' } as const

/** Of one request, to be repeated without making two videos. Also where the page is not a secure one. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Rejects with ApiError. What is undefined is left to the model; `file` stands before `settings.source`. */
export function requestVideo(
  settings: Settings,
  file?: File,
  { idempotencyKey }: { readonly idempotencyKey?: string | undefined } = {},
): Promise<VideoObject> {
  return ask<VideoObject>(PATHS[settings.task], {
    method: 'POST',
    body: file && settings.task !== 'generate' ? formOf(settings, file) : bodyOf(settings),
    ...(idempotencyKey !== undefined && { headers: { 'idempotency-key': idempotencyKey } }),
  })
}

/** The request's fields as the task takes them. */
export function bodyOf(settings: Settings): Record<string, unknown> {
  const { task, source, lora, seed, ...rest } = settings
  const said = Object.entries(rest).filter(([name, value]) => value !== undefined && isSaid(task, name as keyof Settings))
  return {
    ...Object.fromEntries(said),
    ...(seed !== undefined && seed !== -1 && { seed }),
    ...(lora && lora.length > 0 && { lora }),
    ...(source && task !== 'generate' && { video: { id: source.id } }),
  }
}

/** The file comes last, so that the service has the values before it reads it. */
export function formOf(settings: Settings, file: File): FormData {
  const form = new FormData()
  const { video: _video, lora, ...values } = bodyOf(settings)
  for (const [name, value] of Object.entries(values)) form.append(name, String(value))
  for (const { name, scale } of (lora as Settings['lora']) ?? []) {
    form.append('lora[][name]', name)
    form.append('lora[][scale]', String(scale))
  }
  form.append('video', file)
  return form
}
