// How to say what is wanted.

import { useTranslation } from 'react-i18next'
import { Entries } from './Entries.tsx'
import { Section } from './Section.tsx'

const ADVICE = ['english', 'short', 'one', 'style', 'length', 'positive', 'chance'] as const

export function PromptsSection() {
  const { t } = useTranslation('help')
  return (
    <Section name="prompts">
      <Entries entries={ADVICE.map((name) => ({ name: t(`prompts.${name}.name`), text: t(`prompts.${name}.text`) }))} />
    </Section>
  )
}
