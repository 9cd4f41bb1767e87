// A password that can be shown; the eye is reached by the keyboard as well.

import { PasswordInput, type PasswordInputProps } from '@mantine/core'
import type { Ref } from 'react'
import { useTranslation } from 'react-i18next'
import { LONGEST_PASSWORD } from '../ui/credentials.ts'

export function PasswordField(props: PasswordInputProps & { readonly ref?: Ref<HTMLInputElement> }) {
  const { t } = useTranslation('account')
  return (
    <PasswordInput
      visibilityToggleFocusable
      visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      maxLength={LONGEST_PASSWORD}
      {...props}
    />
  )
}
