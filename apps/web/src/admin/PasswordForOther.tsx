// A password that an administrator gives to somebody: made by chance, or typed; shown, since it has to be passed on.

import { Button, Group, TextInput } from '@mantine/core'
import { Check, Copy, Dices } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { copyText } from '../ui/copy-text.ts'
import { LONGEST_PASSWORD, newPassword, SHORTEST_PASSWORD } from '../ui/credentials.ts'

interface PasswordForOtherProps {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly isInvalid: boolean
}

export function PasswordForOther({ value, onChange, isInvalid }: PasswordForOtherProps) {
  const { t } = useTranslation('admin')
  const { t: common } = useTranslation()
  const [copied, setCopied] = useState<string>()
  const isCopied = value !== '' && copied === value
  const bounds = { least: SHORTEST_PASSWORD, most: LONGEST_PASSWORD }
  return (
    <Group align="flex-start" gap="sm">
      <TextInput
        label={t('password.label')}
        description={t('password.text', bounds)}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        autoComplete="off"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        maxLength={LONGEST_PASSWORD}
        flex={1}
        miw={240}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={isInvalid && t('password.invalid', bounds)}
      />
      <Group gap="xs" mt={24}>
        <Button variant="default" leftSection={<Dices size={16} aria-hidden />} onClick={() => onChange(newPassword())}>
          {t('password.generate')}
        </Button>
        <Button
          variant="default"
          disabled={value === ''}
          leftSection={isCopied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
          // Where the browser does not copy, the password is still there to be selected.
          onClick={() =>
            void copyText(value).then(
              () => setCopied(value),
              () => setCopied(undefined),
            )
          }
        >
          {common(isCopied ? 'copied' : 'copy')}
        </Button>
      </Group>
    </Group>
  )
}
