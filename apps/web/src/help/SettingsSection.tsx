// What each control of the form does, and values to begin with.

import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Entries } from './Entries.tsx'
import { Section } from './Section.tsx'

const SETTINGS = ['steps', 'guidance', 'seed', 'frames', 'fps', 'size', 'negative', 'scheduler', 'strength', 'overlap'] as const

export function SettingsSection() {
  const { t } = useTranslation('help')
  return (
    <Section name="settings">
      <Text lh="inherit">{t('settings.text')}</Text>
      <Entries
        entries={SETTINGS.map((name) => ({
          name: t(`settings.${name}.name`),
          text: t(`settings.${name}.text`),
          note: t('settings.good', { values: t(`settings.${name}.good`) }),
        }))}
      />
    </Section>
  )
}
