// Who learns what.

import { useTranslation } from 'react-i18next'
import { Bullets } from './Bullets.tsx'
import { Section } from './Section.tsx'

const FACTS = ['stays', 'checks', 'others', 'inside', 'removal'] as const

export function PrivacySection() {
  const { t } = useTranslation('help')
  return (
    <Section name="privacy">
      <Bullets texts={FACTS.map((name) => t(`privacy.${name}`))} />
    </Section>
  )
}
