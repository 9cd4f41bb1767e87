// One video at an address of its own: large, with what it was made from and all that can be done with it; also while it is
// still being made.

import { Anchor, Button, Grid, Group, Spoiler, Stack, Text, Title, VisuallyHidden } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ArrowLeft } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation, useParams } from 'wouter'
import { ApiError } from '../api/client.ts'
import type { VideoObject } from '../api/types.ts'
import { videoQuery } from '../api/videos.ts'
import { formatTime } from '../ui/format.ts'
import { Stage } from '../watch/Stage.tsx'
import { OutcomeLine } from './OutcomeLine.tsx'
import { ResultActions } from './ResultActions.tsx'
import { SettingsPanel } from './SettingsPanel.tsx'
import { useOutcome } from './use-outcome.ts'
import { useResultActions } from './use-result-actions.ts'
import styles from './VideoPage.module.css'

const nothing = () => null

export function VideoPage() {
  const { id } = useParams<{ id: string }>()
  const { t } = useTranslation('result')
  const [, goTo] = useLocation()
  const { data: video, error } = useQuery(videoQuery(id))
  if (error instanceof ApiError && error.status === 404) return <NoVideo />
  return (
    <Stack gap="md">
      <Anchor component={Link} href="/library" size="sm" w="fit-content">
        <Group component="span" gap={6} wrap="nowrap">
          <ArrowLeft size={16} aria-hidden />
          {t('page.library')}
        </Group>
      </Anchor>
      <Grid gap={{ base: 'md', md: 'xl' }}>
        <Grid.Col span={{ base: 12, md: 7 }} className={styles.large}>
          <Stage key={id} id={id} withoutPrompt renderResult={nothing} onMade={(made) => goTo(`/videos/${made.id}`)} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          {video ? (
            <About video={video} onDeleted={() => goTo('/library')} />
          ) : (
            <VisuallyHidden>
              <Title order={1}>{t('page.title')}</Title>
            </VisuallyHidden>
          )}
        </Grid.Col>
      </Grid>
    </Stack>
  )
}

function About({ video, onDeleted }: { video: VideoObject; onDeleted: () => void }) {
  const { t, i18n } = useTranslation('result')
  const isDone = video.status === 'completed'
  const time = formatTime((isDone && video.completed_at) || video.created_at, i18n.language)
  return (
    <Stack gap="md">
      <Stack gap={4}>
        <Spoiler maxHeight={190} showLabel={t('page.all')} hideLabel={t('page.less')}>
          <Title order={1} size="h3" fw={600} translate="no" className={styles.prompt}>
            {video.prompt}
          </Title>
        </Spoiler>
        <Text size="sm" c="dimmed">
          {t(isDone ? 'page.made' : 'page.asked', { time })}
        </Text>
      </Stack>
      {isDone ? <ResultActions key={video.id} video={video} onMade={nothing} onDeleted={onDeleted} /> : <Unfinished video={video} />}
    </Stack>
  )
}

/** Its settings are known already. */
function Unfinished({ video }: { video: VideoObject }) {
  const doing = useOutcome()
  const acts = useResultActions(video, doing, { onMade: nothing })
  return (
    <div>
      <SettingsPanel video={video} acts={acts} />
      <OutcomeLine outcome={doing.outcome} />
    </div>
  )
}

function NoVideo() {
  const { t } = useTranslation('result')
  return (
    <Stack align="center" gap="sm" py={64} ta="center">
      <Title order={1}>{t('page.gone')}</Title>
      <Text c="dimmed">{t('page.goneWhy')}</Text>
      <Button component={Link} href="/library" mt="xs">
        {t('page.library')}
      </Button>
    </Stack>
  )
}
