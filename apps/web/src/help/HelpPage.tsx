// How to use the program well, and the rules that come with the models. One page, so that a browser's search finds all of it.

import { Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { AboutSection } from './AboutSection.tsx'
import { ApiSection } from './ApiSection.tsx'
import { Contents } from './Contents.tsx'
import { DemoSection } from './DemoSection.tsx'
import styles from './HelpPage.module.css'
import { KeysSection } from './KeysSection.tsx'
import { LicencesSection } from './LicencesSection.tsx'
import { LimitsSection } from './LimitsSection.tsx'
import { ModelsSection } from './ModelsSection.tsx'
import { PrivacySection } from './PrivacySection.tsx'
import { PromptsSection } from './PromptsSection.tsx'
import { RulesSection } from './RulesSection.tsx'
import { SettingsSection } from './SettingsSection.tsx'

export function HelpPage() {
  const { t } = useTranslation('help')
  return (
    <div className={styles.page}>
      <Stack gap="xs" className={styles.head}>
        <Title order={1}>{t('title')}</Title>
        <Text fz="lg" c="dimmed">
          {t('lead')}
        </Text>
      </Stack>
      <Contents />
      <div className={styles.text}>
        <AboutSection />
        <PromptsSection />
        <SettingsSection />
        <LimitsSection />
        <RulesSection />
        <LicencesSection />
        <ModelsSection />
        <DemoSection />
        <KeysSection />
        <ApiSection />
        <PrivacySection />
      </div>
    </div>
  )
}
