// The video that another starts from, in the draft: an earlier one by its id, or a file of the user's.

import type { Capabilities } from '../api/types.ts'
import { getDraft, setDraft, useDraft } from '../settings/draft.ts'

/** What the service can read, as far as browsers name it. */
export const SOURCE_TYPES = 'video/mp4,video/webm,video/quicktime,video/x-matroska,image/gif,image/png,image/jpeg,image/webp,image/avif'

export function useFileOrEarlier(): boolean {
  const { settings, file } = useDraft()
  return file !== undefined || settings.source !== undefined
}

/** A picture has nothing to change: a video begins with it. An animation is a video. */
export function isPicture({ type }: Pick<File, 'type'>): boolean {
  return type.startsWith('image/') && type !== 'image/gif'
}

/** Why a file cannot be taken; undefined when it can be tried. */
export function fileProblem({ type, size }: Pick<File, 'type' | 'size'>, { uploads }: Capabilities): 'type' | 'size' | undefined {
  // Systems do not know every type of video; the service looks at the bytes.
  if (type !== '' && !/^(video|image)\//.test(type)) return 'type'
  return size > uploads.bytes ? 'size' : undefined
}

export function startFromFile(file: File): void {
  const { settings } = getDraft()
  const task = isPicture(file) || settings.task === 'extend' ? 'extend' : 'edit'
  setDraft({ settings: { ...settings, task, source: undefined }, file })
}

export function startFromEarlier(id: string): void {
  const { settings } = getDraft()
  setDraft({ settings: { ...settings, task: settings.task === 'extend' ? 'extend' : 'edit', source: { id } } })
}

/** Strength and overlap stay, for the next one. */
export function dropSource(): void {
  setDraft({ settings: { ...getDraft().settings, task: 'generate', source: undefined } })
}
