// The start page: what to make on the left, what becomes of it on the right, examples below.

import { Group, Stack, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/client.ts'
import type { VideoObject } from '../api/types.ts'
import { videoQuery } from '../api/videos.ts'
import { DropRestore } from '../library/DropRestore.tsx'
import { setDraft } from '../settings/draft.ts'
import type { Settings } from '../settings/settings.ts'
import { Stage } from '../watch/Stage.tsx'
import { CopyLink } from './CopyLink.tsx'
import { CreateForm } from './CreateForm.tsx'
import styles from './CreatePage.module.css'
import { addMade, setCurrent, useCurrent } from './current.ts'
import { Recent } from './Recent.tsx'
import { nextOnStage } from './stage-choice.ts'
import { useLink } from './use-link.ts'

/** Below, and not there before the first video is made: what the form waits for is less. */
const Examples = lazy(async () => ({ default: (await import('../examples/Examples.tsx')).Examples }))
const ResultActions = lazy(async () => ({ default: (await import('../result/ResultActions.tsx')).ResultActions }))

/** The stage stands below the form. */
const NARROW = '(max-width: 61.99em)'

export function CreatePage() {
  const { t } = useTranslation('create')
  useLink()
  const id = useCurrent()
  const { video, show } = useStage(id)
  const stage = useRef<HTMLElement>(null)
  const prompt = useRef<{ focus: () => void }>(null)

  const made = (videos: readonly VideoObject[]) => {
    show(videos, video)
    if (matchMedia(NARROW).matches) {
      stage.current?.focus({ preventScroll: true }) // also puts a phone's keyboard away
      stage.current?.scrollIntoView()
    }
  }
  const pick = (settings: Settings) => {
    setDraft({ settings })
    scrollTo({ top: 0 })
    prompt.current?.focus()
  }

  return (
    <Stack gap="lg">
      <DropRestore />
      <div className={styles.columns}>
        <Stack gap="md">
          <Group justify="space-between" wrap="nowrap">
            <Title order={1}>{t('title')}</Title>
            <CopyLink />
          </Group>
          <CreateForm onMade={(one) => made([one])} promptRef={prompt} />
        </Stack>
        <section ref={stage} tabIndex={-1} className={styles.stage} aria-label={t('stage')}>
          <Recent />
          <Stage
            id={id}
            onMade={(one) => made([one])}
            renderResult={(result) => (
              <Suspense>
                <ResultActions video={result} onMade={made} />
              </Suspense>
            )}
          />
        </section>
      </div>
      <div className={styles.examples}>
        <Suspense>
          <Examples onPick={pick} />
        </Suspense>
      </div>
    </Stack>
  )
}

/** The video on the stage; one that is gone, or somebody else's, leaves it. */
function useStage(id: string | undefined) {
  const { data: video, error } = useQuery({ ...videoQuery(id ?? ''), enabled: id !== undefined })
  const isGone = error instanceof ApiError && error.status === 404
  useEffect(() => {
    if (isGone) setCurrent(undefined)
  }, [isGone])
  const show = (videos: readonly VideoObject[], watched: VideoObject | undefined) => {
    addMade(videos.map((one) => one.id))
    const [first] = videos
    if (first) setCurrent(nextOnStage(id === undefined ? undefined : watched, first))
  }
  return { video, show }
}
