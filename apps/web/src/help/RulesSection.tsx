// The uses that the base model's card rules out.

import { Paper, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Bullets } from './Bullets.tsx'
import styles from './RulesSection.module.css'
import { Section } from './Section.tsx'

const RULES = ['harm', 'violence', 'lies', 'faces', 'share'] as const

export function RulesSection() {
  const { t } = useTranslation('help')
  return (
    <Section name="rules">
      <Paper withBorder p="lg" className={styles.rules}>
        <Text lh="inherit" mb="xs">
          {t('rules.text')}
        </Text>
        <Bullets texts={RULES.map((name) => t(`rules.${name}`))} />
      </Paper>
    </Section>
  )
}
