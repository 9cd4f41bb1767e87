// What may be done with what: weights and program have licences of their own.

import { Anchor } from '@mantine/core'
import { ExternalLink } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Entries } from './Entries.tsx'
import { Section } from './Section.tsx'

const THINGS = ['family', 'demo', 'program'] as const
const DEED = { en: 'https://creativecommons.org/licenses/by-nc/4.0/', zh: 'https://creativecommons.org/licenses/by-nc/4.0/deed.zh-hans' }

export function LicencesSection() {
  const { t, i18n } = useTranslation('help')
  return (
    <Section name="licences">
      <Entries entries={THINGS.map((name) => ({ name: t(`licences.${name}.name`), text: t(`licences.${name}.text`) }))} />
      <div>
        <Anchor href={i18n.language === 'zh' ? DEED.zh : DEED.en} target="_blank" rel="noreferrer">
          {t('licences.deed')} <ExternalLink size={14} aria-hidden />
        </Anchor>
      </div>
    </Section>
  )
}
