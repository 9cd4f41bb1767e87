// With which settings several prompts are queued: those of the form on the start page, in one line.

import { Anchor, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { capabilitiesQuery } from '../api/models.ts'
import type { Draft } from '../settings/draft.ts'
import { estimateSeconds } from '../settings/estimate.ts'
import { defaultOf, sizeOf } from '../settings/limits.ts'
import { formatNumber, formatSeconds } from '../ui/format.ts'
import { Facts } from './Facts.tsx'
import styles from './Queue.module.css'

export function BatchSettings({ draft: { settings } }: { draft: Draft }) {
  const { t, i18n } = useTranslation('queue')
  const { data: capabilities } = useQuery(capabilitiesQuery)
  if (!capabilities) return null
  const size = sizeOf(capabilities, settings)
  const value = (name: 'num_frames' | 'num_inference_steps' | 'guidance_scale') => settings[name] ?? defaultOf(capabilities, settings, name)
  const [frames, steps, guidance] = [value('num_frames'), value('num_inference_steps'), value('guidance_scale')]
  const seconds = estimateSeconds(settings, capabilities)
  const facts = {
    task: settings.task === 'generate' ? undefined : t(`task.${settings.task}`),
    model: settings.model ?? capabilities.default_model,
    size: size && `${size.width} × ${size.height}`,
    frames: frames === undefined || settings.task === 'edit' ? undefined : t('frames', { count: frames }),
    steps: steps === undefined ? undefined : t('steps', { count: steps }),
    guidance: guidance === undefined ? undefined : t('guidance', { value: formatNumber(guidance, i18n.language) }),
    scheduler: settings.scheduler,
    negative: settings.negative_prompt ? t('batch.negative') : undefined,
    lora: settings.lora?.length ? t('batch.lora', { count: settings.lora.length }) : undefined,
    time: seconds === undefined ? undefined : t('batch.each', { time: formatSeconds(Math.max(1, Math.round(seconds)), i18n.language) }),
  }
  return (
    <Stack gap={2} className={styles.settings}>
      <Text fz="sm" fw={600}>
        {t('batch.settings')}
      </Text>
      <Facts facts={facts} />
      <Anchor component={Link} href="/" fz="sm">
        {t('batch.change')}
      </Anchor>
    </Stack>
  )
}
