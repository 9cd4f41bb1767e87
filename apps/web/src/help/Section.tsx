// One section of the page: a heading that the contents lead to, and what stands below it.

import { Stack, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './HelpPage.module.css'
import type { SectionName } from './sections.ts'

export function Section({ name, children }: { name: SectionName; children: ReactNode }) {
  const { t } = useTranslation('help')
  // The browser looked for what the address names before it was there.
  useEffect(() => {
    if (location.hash === `#${name}`) document.getElementById(name)?.scrollIntoView()
  }, [name])
  return (
    <Stack component="section" gap="md" id={name} aria-labelledby={`${name}-title`} className={styles.section}>
      <Title order={2} id={`${name}-title`}>
        {t(`${name}.title`)}
      </Title>
      {children}
    </Stack>
  )
}
