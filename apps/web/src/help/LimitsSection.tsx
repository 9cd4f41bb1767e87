// What to expect of models of this family, after their cards and what their users report.

import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Entries } from './Entries.tsx'
import { Section } from './Section.tsx'

const LIMITS = ['writing', 'faces', 'quality', 'composition', 'duration', 'watermark', 'zeroscope', 'bias'] as const

export function LimitsSection() {
  const { t } = useTranslation('help')
  return (
    <Section name="limits">
      <Text lh="inherit">{t('limits.text')}</Text>
      <Entries entries={LIMITS.map((name) => ({ name: t(`limits.${name}.name`), text: t(`limits.${name}.text`) }))} />
    </Section>
  )
}
