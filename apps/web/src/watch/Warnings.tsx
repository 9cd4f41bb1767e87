// What the service found worth saying of a video: a prompt that was cut, a size that the model does not know well. In its words.

import { Alert, List, Text } from '@mantine/core'
import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'

export function Warnings({ warnings }: { warnings: readonly string[] }) {
  const { t } = useTranslation('watch')
  if (warnings.length === 0) return null
  return (
    <Alert variant="light" color="yellow" p="sm" icon={<TriangleAlert size={18} aria-hidden />} role="note">
      <Text size="sm" fw={600}>
        {t('warnings')}
      </Text>
      <List size="sm" listStyleType="none">
        {warnings.map((warning) => (
          <List.Item key={warning} lang="en" translate="no">
            {warning}
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}
