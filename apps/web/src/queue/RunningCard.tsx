// A video that is being made: a first picture of it, how far it is, and the way to stop it.

import { Anchor, Button, Group, Progress, Stack, Text } from '@mantine/core'
import { Film, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { VideoObject } from '../api/types.ts'
import { formatPercent, formatSeconds } from '../ui/format.ts'
import { usePhaseText } from '../watch/use-phase-text.ts'
import { useWatched } from '../watch/use-watched.ts'
import { furthest, progressOf, type VideoProgress } from '../watch/watched.ts'
import { Facts } from './Facts.tsx'
import shared from './Queue.module.css'
import styles from './RunningCard.module.css'
import type { Actions } from './use-actions.ts'
import { useFacts } from './use-facts.ts'

export function RunningCard({ video, actions }: { video: VideoObject; actions: Actions }) {
  const { t } = useTranslation('queue')
  const factsOf = useFacts()
  const { progress: live, preview } = useWatched(video.id)
  const known = progressOf(video)
  const progress = known && live && live.status === 'in_progress' ? furthest(known, live) : known
  return (
    <li className={styles.card}>
      <div className={styles.picture}>{preview ? <img src={preview} alt="" /> : <Film size={28} aria-hidden />}</div>
      <Stack gap={6} className={styles.text}>
        <Anchor component={Link} href={`/videos/${video.id}`} className={shared.prompt} translate="no" c="var(--mantine-color-text)">
          {video.prompt}
        </Anchor>
        <Facts facts={factsOf(video)} />
      </Stack>
      <CancelButton video={video} actions={actions} />
      <div className={styles.progress}>
        <Progress.Root size="lg">
          <Progress.Section
            value={progress?.percent ?? 0}
            animated
            aria-label={t('running.progress', { prompt: video.prompt })}
            aria-valuetext={t('running.percent', { percent: progress?.percent ?? 0 })}
          />
        </Progress.Root>
        {progress && <Numbers progress={progress} />}
      </div>
    </li>
  )
}

function Numbers({ progress: { phase, step, total, percent, eta } }: { progress: VideoProgress }) {
  const { t, i18n } = useTranslation('queue')
  const name = usePhaseText()(phase)
  return (
    <Group justify="space-between" gap="xs" fz="sm" className={styles.numbers}>
      <Text component="span" inherit>
        {total > 1 ? t('running.step', { phase: name, step, total }) : name}
      </Text>
      <Text component="span" inherit>
        {formatPercent(percent / 100, i18n.language)}
        {eta !== null && ` · ${t('running.left', { time: formatSeconds(Math.max(1, Math.round(eta)), i18n.language) })}`}
      </Text>
    </Group>
  )
}

/** It takes a moment until the worker hears of it. */
function CancelButton({ video, actions }: { video: VideoObject; actions: Actions }) {
  const { t } = useTranslation('queue')
  const [isAsked, setAsked] = useState(false)
  const cancel = async () => {
    if (isAsked) return
    setAsked(true)
    if (!(await actions.cancel(video))) setAsked(false)
  }
  return (
    <Button
      variant="default"
      leftSection={<X size={16} aria-hidden />}
      aria-disabled={isAsked}
      aria-label={t(isAsked ? 'running.cancellingOne' : 'running.cancelOne', { prompt: video.prompt })}
      className={styles.cancel}
      onClick={() => void cancel()}
    >
      {t(isAsked ? 'running.cancelling' : 'running.cancel')}
    </Button>
  )
}
