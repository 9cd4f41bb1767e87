// What can be done with a finished video: the usual in view, the rest in a menu, the real seed and all settings below.

import { ActionIcon, Button, Group, Stack, Tooltip } from '@mantine/core'
import { Repeat2, Shuffle, Star } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { VideoObject } from '../api/types.ts'
import { useStar } from '../videos/use-star.ts'
import { DownloadMenu } from './DownloadMenu.tsx'
import { MoreMenu } from './MoreMenu.tsx'
import { OutcomeLine } from './OutcomeLine.tsx'
import styles from './ResultActions.module.css'
import { SettingsPanel } from './SettingsPanel.tsx'
import { useOutcome } from './use-outcome.ts'
import { useResultActions } from './use-result-actions.ts'
import { VARIATIONS } from './vary.ts'

interface ResultActionsProps {
  readonly video: VideoObject
  /** Hears of the videos that came into the queue. */
  readonly onMade: (made: readonly VideoObject[]) => void
  /** Where to go from here once it is in the trash. */
  readonly onDeleted?: () => void
}

export function ResultActions({ video, onMade, onDeleted }: ResultActionsProps) {
  const { t } = useTranslation('result')
  const doing = useOutcome()
  const acts = useResultActions(video, doing, { onMade, onDeleted })
  const isBusy = doing.outcome?.kind === 'busy'
  return (
    <Stack gap="sm">
      <div>
        <Group gap={4} justify="space-between" role="group" aria-label={t('actions')}>
          <Group gap={6}>
            <DownloadMenu acts={acts} isBusy={isBusy} />
            <Button variant="default" leftSection={<Repeat2 size={16} aria-hidden />} onClick={acts.useAgain}>
              {t('useAgain')}
            </Button>
            <Tooltip label={t('vary.why', { count: VARIATIONS })} openDelay={400}>
              <Button
                variant="default"
                leftSection={<Shuffle size={16} aria-hidden />}
                aria-disabled={isBusy}
                onClick={() => isBusy || acts.vary()}
              >
                {t('vary.button')}
              </Button>
            </Tooltip>
          </Group>
          <Group gap={4}>
            <StarButton video={video} />
            <MoreMenu video={video} acts={acts} isBusy={isBusy} />
          </Group>
        </Group>
        <OutcomeLine outcome={doing.outcome} />
      </div>
      <SettingsPanel video={video} acts={acts} />
    </Stack>
  )
}

function StarButton({ video: { id, starred } }: { video: VideoObject }) {
  const { t } = useTranslation('result')
  const star = useStar()
  return (
    <Tooltip label={t(starred ? 'star.off' : 'star.on')} openDelay={400}>
      <ActionIcon
        variant="subtle"
        color="gray"
        c="var(--mantine-color-text)"
        size="lg"
        aria-label={t('star.label')}
        aria-pressed={starred}
        onClick={() => void star([id], !starred)}
      >
        <Star size={18} className={starred ? styles.starred : undefined} aria-hidden />
      </ActionIcon>
    </Tooltip>
  )
}
