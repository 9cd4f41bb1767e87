// What can be done with a finished video. Each tells how it went through `doing`.

import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { askBytes } from '../api/client.ts'
import type { VideoObject } from '../api/types.ts'
import { useErrorText } from '../i18n/use-error-text.ts'
import { setDraft } from '../settings/draft.ts'
import type { Size } from '../settings/limits.ts'
import { linkOf } from '../settings/link.ts'
import { requestVideo } from '../settings/request.ts'
import { settingsOfVideo } from '../settings/settings.ts'
import { copyText } from '../ui/copy-text.ts'
import { useTrash } from '../videos/use-trash.ts'
import { makeAgain } from '../watch/make-again.ts'
import { settingsJson } from './facts.ts'
import { fileName } from './file-name.ts'
import { continueSettings, editSettings } from './follow-up.ts'
import { saveFile, shareFile } from './save.ts'
import { upscaleSettings } from './upscale.ts'
import type { Doing } from './use-outcome.ts'
import { makeVariations } from './vary.ts'

export type DownloadKind = 'mp4' | 'webm' | 'gif'

interface Told {
  readonly onMade: (made: readonly VideoObject[]) => void
  readonly onDeleted?: (() => void) | undefined
}

export function useResultActions(video: VideoObject, { run }: Doing, { onMade, onDeleted }: Told) {
  const { t } = useTranslation('result')
  const client = useQueryClient()
  const [, goTo] = useLocation()
  const trash = useTrash()
  const errorText = useErrorText()
  const path = `/v1/videos/${encodeURIComponent(video.id)}/content`
  const bytesOf = (kind: DownloadKind) => askBytes(path, { query: { variant: kind === 'mp4' ? undefined : kind } })
  const copy = (text: string) =>
    run(undefined, async () => ((await copied(text)) ? { kind: 'done', text: t('copied') } : { kind: 'failed', text: t('notCopied') }))

  function queued(made: readonly VideoObject[]): void {
    for (const each of made) client.setQueryData(['video', each.id], each)
    for (const key of ['videos', 'queue', 'capabilities']) void client.invalidateQueries({ queryKey: [key] })
    if (made.length > 0) onMade(made)
  }
  function toForm(settings: ReturnType<typeof settingsOfVideo>): void {
    setDraft({ settings })
    goTo('/')
  }

  return {
    download: (kind: DownloadKind) =>
      run(t(kind === 'mp4' ? 'download.loading' : 'download.making', { kind: t(`download.${kind}`) }), async () => {
        saveFile(await bytesOf(kind), fileName(video, kind))
        return { kind: 'done', text: t('download.done', { kind: t(`download.${kind}`) }) }
      }),
    vary: () =>
      run(t('vary.busy'), async () => {
        const { made, error } = await makeVariations(video.seed, (seed) => makeAgain(video, { seed }))
        queued(made)
        if (made.length === 0) throw error
        if (error === undefined) return { kind: 'done', text: t('vary.done', { count: made.length }), isQueued: true }
        return { kind: 'failed', text: t('vary.some', { count: made.length, reason: errorText(error) }), isQueued: true }
      }),
    upscale: (size: Size) =>
      run(t('upscale.busy'), async () => {
        queued([await requestVideo(upscaleSettings(video, size))])
        return { kind: 'done', text: t('upscale.done', { ...size }), isQueued: true }
      }),
    useAgain: () => toForm(settingsOfVideo(video)),
    edit: () => toForm(editSettings(video)),
    extend: () => toForm(continueSettings(video)),
    copySeed: () => copy(String(video.seed)),
    copySettings: () => copy(settingsJson(video)),
    copyLink: () => copy(linkOf(settingsOfVideo(video))),
    share: () =>
      run(t('share.busy'), async () => {
        await shareFile(await bytesOf('mp4'), fileName(video, 'mp4'), video.prompt ?? '')
        return undefined
      }),
    remove: async () => {
      if (!(await trash([video.id]))) return
      if (onDeleted) onDeleted()
      else void client.resetQueries({ queryKey: ['video', video.id] })
    },
  }
}

export type ResultActs = ReturnType<typeof useResultActions>

async function copied(text: string): Promise<boolean> {
  try {
    await copyText(text)
    return true
  } catch {
    return false
  }
}
