// Where programs find the same.

import { Anchor, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { addressOf } from '../base.ts'
import { Section } from './Section.tsx'

export function ApiSection() {
  const { t } = useTranslation('help')
  return (
    <Section name="api">
      <Text lh="inherit">{t('api.text')}</Text>
      <Group gap="lg">
        <Anchor href={addressOf('docs')}>{t('api.docs')}</Anchor>
        <Anchor component={Link} href="/account">
          {t('api.keys')}
        </Anchor>
      </Group>
    </Section>
  )
}
