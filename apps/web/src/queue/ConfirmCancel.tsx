// Asks before many are cancelled, and names how many.

import { Button, Group, Stack, Text } from '@mantine/core'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DialogFrame } from '../ui/DialogFrame.tsx'

interface Props {
  readonly isOpen: boolean
  readonly count: number
  readonly onClose: () => void
  readonly onClosed: () => void
  readonly onConfirm: () => Promise<unknown> | undefined
}

export function ConfirmCancel({ isOpen, count, onClose, onClosed, onConfirm }: Props) {
  const { t } = useTranslation('queue')
  const [isBusy, setBusy] = useState(false)
  // What it asked stays while it fades away.
  const asked = useRef(count)
  if (isOpen && !isBusy) asked.current = count
  const confirm = async () => {
    setBusy(true)
    await onConfirm()
    setBusy(false)
    onClose()
  }
  return (
    <DialogFrame opened={isOpen} onClose={onClose} onExitTransitionEnd={onClosed} title={t('cancelMany.title', { count: asked.current })}>
      <Stack gap="lg">
        <Text>{t('cancelMany.text')}</Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('cancelMany.keep')}
          </Button>
          <Button color="red.9" loading={isBusy} onClick={() => void confirm()}>
            {t('cancelMany.confirm', { count: asked.current })}
          </Button>
        </Group>
      </Stack>
    </DialogFrame>
  )
}
