// A video that waits or is being made: its place, the picture as it grows clear, phase, step, time left, and the way out.

import { Anchor, Button, Group, Progress, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { VideoObject } from '../api/types.ts'
import { cancelVideo, queueQuery, videoQuery } from '../api/videos.ts'
import { BelowScreen, Screen } from '../player/Screen.tsx'
import { formatPercent, formatSeconds } from '../ui/format.ts'
import { NotifyButton } from './NotifyButton.tsx'
import { Picture } from './Picture.tsx'
import styles from './Stage.module.css'
import { isCounted } from './texts.ts'
import { usePhaseText } from './use-phase-text.ts'
import type { Watched } from './use-watched.ts'
import type { VideoProgress } from './watched.ts'

interface StageProgressProps {
  readonly watched: Watched
  readonly video: VideoObject
  readonly progress: VideoProgress
  readonly withoutPrompt: boolean
}

export function StageProgress({ watched, video, progress, withoutPrompt }: StageProgressProps) {
  const { t } = useTranslation('watch')
  const size = { width: video.width, height: video.height }
  return (
    <Stack gap="sm">
      <Screen {...size}>
        <Picture progress={progress} preview={watched.preview} />
      </Screen>
      <BelowScreen {...size}>
        <Stack gap="sm">
          {progress.status === 'in_progress' && <Bar progress={progress} />}
          {!watched.connected && <Text size="sm">{t('away')}</Text>}
          {!withoutPrompt && (
            <Text size="sm" c="dimmed" lineClamp={2} translate="no">
              {video.prompt}
            </Text>
          )}
          <Group justify="space-between" gap="xs">
            <Group gap="xs">
              <CancelButton id={video.id} />
              <NotifyButton />
            </Group>
            <Others />
          </Group>
        </Stack>
      </BelowScreen>
    </Stack>
  )
}

function Bar({ progress: { phase, step, total, percent, eta } }: { progress: VideoProgress }) {
  const { t, i18n } = useTranslation('watch')
  const phaseText = usePhaseText()
  const share = formatPercent(percent / 100, i18n.language)
  return (
    <Stack gap={6}>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text fw={600}>{phaseText(phase)}</Text>
        <Text fw={600} className={styles.figures}>
          {share}
        </Text>
      </Group>
      <Progress.Root size="md" radius="xl" transitionDuration={300}>
        <Progress.Section value={percent} aria-label={t('progress')} aria-valuetext={share} />
      </Progress.Root>
      <Group justify="space-between" gap="xs" mih={22}>
        <Text size="sm" c="dimmed" className={styles.figures}>
          {isCounted(phase, total) && t('step', { step, total })}
        </Text>
        <Text size="sm" c="dimmed" className={styles.figures}>
          {eta !== null && t('left', { time: formatSeconds(rounded(eta), i18n.language) })}
        </Text>
      </Group>
    </Stack>
  )
}

/** Seconds, no finer than an estimate is. */
function rounded(eta: number): number {
  const grain = eta > 60 ? 10 : 1
  return Math.ceil(eta / grain) * grain
}

/** Stays as it is once pressed: the worker stops within about a second. */
function CancelButton({ id }: { id: string }) {
  const { t } = useTranslation('watch')
  const client = useQueryClient()
  const { mutate, isPending, isSuccess } = useMutation({
    mutationFn: () => cancelVideo(id),
    onSuccess: (video) => client.setQueryData(videoQuery(id).queryKey, video),
    // It ended in the meantime, perhaps.
    onSettled: () =>
      Promise.all([client.invalidateQueries({ queryKey: ['video', id] }), client.invalidateQueries({ queryKey: ['queue'] })]),
  })
  const isOnItsWay = isPending || isSuccess
  return (
    <Button
      variant="default"
      size="compact-md"
      fz="sm"
      fw={500}
      leftSection={<X size={16} aria-hidden />}
      aria-disabled={isOnItsWay}
      onClick={() => isOnItsWay || mutate()}
    >
      {t(isOnItsWay ? 'cancelling' : 'cancel')}
    </Button>
  )
}

function Others() {
  const { t } = useTranslation('watch')
  const { data } = useQuery(queueQuery)
  const count = (data?.running ?? 0) + (data?.waiting ?? 0) - 1
  if (count < 1) return null
  return (
    <Anchor component={Link} href="/queue" size="sm">
      {t('others', { count })}
    </Anchor>
  )
}
