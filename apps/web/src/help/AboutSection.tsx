// What the program is.

import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Section } from './Section.tsx'

export function AboutSection() {
  const { t } = useTranslation('help')
  return (
    <Section name="about">
      <Text lh="inherit">{t('about.makes')}</Text>
      <Text lh="inherit">{t('about.ways')}</Text>
      <Text lh="inherit">{t('about.queue')}</Text>
    </Section>
  )
}
