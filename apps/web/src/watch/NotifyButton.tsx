// Turns the system's notification of finished videos on and off. Not there where the browser has none.

import { Button } from '@mantine/core'
import { Bell, BellRing } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { setNotifying, useNotifying } from './notify.ts'

export function NotifyButton() {
  const { t } = useTranslation('watch')
  const notifying = useNotifying()
  if (notifying === 'impossible' || notifying === 'blocked') return null
  const isOn = notifying === 'on'
  const Icon = isOn ? BellRing : Bell
  return (
    <Button
      variant={isOn ? 'light' : 'subtle'}
      size="compact-md"
      fz="sm"
      fw={500}
      leftSection={<Icon size={16} aria-hidden />}
      aria-pressed={isOn}
      title={t('notify.why')}
      onClick={() => void setNotifying(!isOn)}
    >
      {t('notify.button')}
    </Button>
  )
}
