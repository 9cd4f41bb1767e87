// The end of a dialog's form: what went wrong, the way back, the way on.

import { Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

interface FormButtonsProps {
  readonly submit: string
  readonly pending: boolean
  /** A sentence; said aloud when it comes. */
  readonly error: string | undefined
  readonly onCancel: () => void
  /** Of what cannot be undone; the way back has the focus then. */
  readonly danger?: boolean
  readonly disabled?: boolean
  /** Without it the button sends the form that it stands in. */
  readonly onSubmit?: () => void
}

export function FormButtons({ submit, pending, error, onCancel, danger = false, disabled = false, onSubmit }: FormButtonsProps) {
  const { t } = useTranslation()
  return (
    <>
      <div role="alert">{error !== undefined && <Text c="var(--mantine-color-error)">{error}</Text>}</div>
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onCancel} data-autofocus={danger || undefined}>
          {t('cancel')}
        </Button>
        <Button
          type={onSubmit ? 'button' : 'submit'}
          loading={pending}
          disabled={disabled}
          onClick={onSubmit}
          {...(danger && { color: 'red' })}
        >
          {submit}
        </Button>
      </Group>
    </>
  )
}
