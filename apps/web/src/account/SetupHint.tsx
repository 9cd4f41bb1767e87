// Where the set-up link is found, while there is no administrator yet.

import { Box, List, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { addressOf } from '../base.ts'
import styles from './SetupHint.module.css'

export function SetupHint() {
  const { t } = useTranslation('account')
  return (
    <>
      <List type="ordered" spacing="sm" size="sm">
        <List.Item>{t('setupHint.find')}</List.Item>
        <List.Item>{t('setupHint.open')}</List.Item>
        <List.Item>{t('setupHint.make')}</List.Item>
      </List>
      <div>
        <Text size="sm" mb={4}>
          {t('setupHint.example')}
        </Text>
        <Box className={styles.link} translate="no">
          {addressOf('setup')}#…
        </Box>
      </div>
      <Text size="sm" c="dimmed">
        {t('setupHint.lost')}
      </Text>
    </>
  )
}
