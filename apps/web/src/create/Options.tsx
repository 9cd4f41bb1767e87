// The advanced options, in groups: what the video is like, how it is sampled, by which model, and from what it starts.

import { Stack, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './AdvancedOptions.module.css'
import { FramesField } from './fields/FramesField.tsx'
import { LoraField } from './fields/LoraField.tsx'
import { ModelField } from './fields/ModelField.tsx'
import { NegativeField } from './fields/NegativeField.tsx'
import { NumberRow } from './fields/NumberRow.tsx'
import { SchedulerField } from './fields/SchedulerField.tsx'
import { SeedField } from './fields/SeedField.tsx'
import { SizeField } from './fields/SizeField.tsx'
import { SourceField } from './fields/SourceField.tsx'

export function Options() {
  const { t } = useTranslation('create')
  return (
    <>
      <OptionGroup title={t('groups.video')}>
        <SeedField />
        <FramesField />
        <NumberRow name="fps" />
        <SizeField />
      </OptionGroup>
      <OptionGroup title={t('groups.sampling')}>
        <NumberRow name="num_inference_steps" />
        <NumberRow name="guidance_scale" arrowStep={0.5} />
        <NegativeField />
        <SchedulerField />
      </OptionGroup>
      <OptionGroup title={t('groups.model')}>
        <ModelField />
        <LoraField />
      </OptionGroup>
      <OptionGroup title={t('groups.source')}>
        <SourceField />
      </OptionGroup>
    </>
  )
}

function OptionGroup({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack gap="md" component="section" className={styles.group}>
      <Title order={3} size="sm" c="dimmed" fw={600}>
        {title}
      </Title>
      {children}
    </Stack>
  )
}
