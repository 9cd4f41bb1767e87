// Where a video is awaited, seen growing, and shown: one of these, by what is known of it. What it announces by itself is the
// phase and the end, not every step.

import { Center, Loader, Paper, Stack, Text, VisuallyHidden } from '@mantine/core'
import { Film, SearchX, Unplug } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/client.ts'
import type { VideoObject } from '../api/types.ts'
import { useErrorText } from '../i18n/use-error-text.ts'
import { putOnStage } from './on-stage.ts'
import styles from './Stage.module.css'
import { StageFailure } from './StageFailure.tsx'
import { StageMessage } from './StageMessage.tsx'
import { StageProgress } from './StageProgress.tsx'
import { useAnnouncement } from './use-announcement.ts'
import { useKeptFocus } from './use-kept-focus.ts'
import { useWatched, type Watched } from './use-watched.ts'

/** With the player. */
const StageResult = lazy(async () => ({ default: (await import('./StageResult.tsx')).StageResult }))

export interface StageProps {
  /** Undefined: nothing was asked for yet. */
  readonly id: string | undefined
  /** What stands below the finished video. */
  readonly renderResult: (video: VideoObject) => ReactNode
  /** Hears of the video that "Try again" made; without it the stage shows that one by itself. */
  readonly onMade?: (video: VideoObject) => void
  /** Where the page says the prompt itself. */
  readonly withoutPrompt?: boolean
}

export function Stage({ id, renderResult, onMade, withoutPrompt = false }: StageProps) {
  const { t } = useTranslation('watch')
  const [again, setAgain] = useState<{ readonly of: string; readonly id: string }>()
  const shown = again && again.of === id ? again.id : id
  const watched = useWatched(shown)
  const kind = kindOf(shown, watched)
  const stage = useKeptFocus(kind)
  useEffect(() => (shown === undefined ? undefined : putOnStage(shown)), [shown])

  function made(video: VideoObject): void {
    if (onMade) onMade(video)
    else if (id !== undefined) setAgain({ of: id, id: video.id })
  }

  const { video, progress } = watched
  return (
    <Paper
      component="section"
      aria-label={t('stage')}
      withBorder
      radius="lg"
      p={{ base: 'sm', sm: 'md' }}
      tabIndex={-1}
      ref={stage}
      className={styles.stage}
    >
      <VisuallyHidden role="status">{useAnnouncement(watched)}</VisuallyHidden>
      {kind === 'progress' && video && progress && (
        <StageProgress watched={watched} video={video} progress={progress} withoutPrompt={withoutPrompt} />
      )}
      {kind === 'failed' && video && <StageFailure video={video} withoutPrompt={withoutPrompt} onMade={made} />}
      {kind === 'completed' && video && (
        <Suspense fallback={<Waiting />}>
          <StageResult video={video} withoutPrompt={withoutPrompt}>
            {renderResult(video)}
          </StageResult>
        </Suspense>
      )}
      {kind === 'empty' && <StageMessage icon={Film} title={t('empty.title')} text={t('empty.text')} />}
      {kind === 'gone' && <StageMessage icon={SearchX} title={t('gone.title')} text={t('gone.text')} />}
      {kind === 'unknown' && <Unknown error={watched.error} />}
      {kind === 'loading' && <Waiting />}
    </Paper>
  )
}

type Kind = 'empty' | 'loading' | 'gone' | 'unknown' | 'progress' | 'failed' | 'completed'

function kindOf(id: string | undefined, { video, error }: Watched): Kind {
  if (id === undefined) return 'empty'
  if (!video) {
    if (error instanceof ApiError && error.status === 404) return 'gone'
    return error ? 'unknown' : 'loading'
  }
  return video.status === 'queued' || video.status === 'in_progress' ? 'progress' : video.status
}

function Unknown({ error }: { error: unknown }) {
  const { t } = useTranslation('watch')
  const textOf = useErrorText()
  return <StageMessage icon={Unplug} title={t('unknown.title')} text={textOf(error)} />
}

function Waiting() {
  const { t } = useTranslation()
  return (
    <Center className={styles.empty}>
      <Stack align="center" gap="xs">
        <Loader aria-hidden />
        <Text size="sm">{t('loading')}</Text>
      </Stack>
    </Center>
  )
}
