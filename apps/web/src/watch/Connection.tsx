// Says that the service cannot be reached, and that it can again.

import { Alert, Button, Group, Text, VisuallyHidden } from '@mantine/core'
import { useNetwork } from '@mantine/hooks'
import { CloudOff } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './Connection.module.css'
import { useConnection } from './use-connection.ts'

export function Connection() {
  const { t } = useTranslation('watch')
  const { isAway, tryNow } = useConnection()
  const { online } = useNetwork()
  const [wasAway, setWasAway] = useState(false)
  useEffect(() => {
    if (isAway) setWasAway(true)
  }, [isAway])
  const text = t(online ? 'connection.away' : 'connection.offline')
  return (
    <>
      <VisuallyHidden role="status">{isAway ? text : wasAway && t('connection.back')}</VisuallyHidden>
      {isAway && (
        <Alert color="orange" variant="outline" p="sm" className={styles.banner} icon={<CloudOff size={18} aria-hidden />} role="note">
          <Group justify="space-between" gap="sm" wrap="nowrap">
            <Text size="sm">{text}</Text>
            <Button size="compact-sm" variant="default" flex="none" onClick={tryNow}>
              {t('connection.now')}
            </Button>
          </Group>
        </Alert>
      )}
    </>
  )
}
