// What stands in the place of something that is on its way.

import { Center, Loader } from '@mantine/core'
import { useTranslation } from 'react-i18next'

export function Loading() {
  const { t } = useTranslation()
  return (
    <Center mih="40vh">
      <Loader role="status" aria-label={t('loading')} />
    </Center>
  )
}
