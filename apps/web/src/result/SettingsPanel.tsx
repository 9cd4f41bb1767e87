// The real seed, always in view, and every setting that the video was made with, on request; both to be copied.

import { ActionIcon, Button, Collapse, DataList, Group, Stack, Text, Tooltip } from '@mantine/core'
import { Braces, ChevronDown, Copy } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { VideoObject } from '../api/types.ts'
import { type Fact, factsOf } from './facts.ts'
import styles from './ResultActions.module.css'
import type { ResultActs } from './use-result-actions.ts'

export function SettingsPanel({ video, acts }: { video: VideoObject; acts: ResultActs }) {
  const { t } = useTranslation('result')
  const [isOpen, setIsOpen] = useState(false)
  const id = useId()
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs">
        <Group gap={6} wrap="nowrap">
          <Text size="sm" c="dimmed">
            {t('seed')}
          </Text>
          <Text size="sm" fw={600} className={styles.seed} translate="no">
            {video.seed}
          </Text>
          <Tooltip label={t('copySeed')} openDelay={400}>
            <ActionIcon variant="subtle" color="gray" c="var(--mantine-color-text)" aria-label={t('copySeed')} onClick={acts.copySeed}>
              <Copy size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </Group>
        <Button
          variant="subtle"
          size="compact-md"
          fz="sm"
          fw={500}
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setIsOpen(!isOpen)}
          rightSection={<ChevronDown size={16} className={styles.chevron} data-open={isOpen || undefined} aria-hidden />}
        >
          {t('settings')}
        </Button>
      </Group>
      <div id={id}>
        <Collapse expanded={isOpen} keepMounted={false}>
          <Facts video={video} acts={acts} />
        </Collapse>
      </div>
    </Stack>
  )
}

function Facts({ video, acts }: { video: VideoObject; acts: ResultActs }) {
  const { t, i18n } = useTranslation('result')
  return (
    <Stack gap="sm" className={styles.facts}>
      <DataList size="sm" gap={6} labelWidth={130}>
        {factsOf(video, i18n.language).map((fact) => (
          <Row key={fact.name} fact={fact} />
        ))}
      </DataList>
      <Group>
        <Button
          variant="default"
          size="compact-md"
          fz="sm"
          fw={500}
          leftSection={<Braces size={16} aria-hidden />}
          onClick={acts.copySettings}
        >
          {t('copySettings')}
        </Button>
      </Group>
    </Stack>
  )
}

function Row({ fact: { name, value, verbatim = false } }: { fact: Fact }) {
  const { t } = useTranslation('result')
  return (
    <DataList.Item>
      <DataList.ItemLabel c="dimmed">{t(`facts.${name}`)}</DataList.ItemLabel>
      <DataList.ItemValue translate={verbatim ? 'no' : undefined}>{value}</DataList.ItemValue>
    </DataList.Item>
  )
}
