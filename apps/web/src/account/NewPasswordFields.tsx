// A new password, twice, with what it must be said beforehand and how hard it is to guess said while it is typed.

import { Group, Progress, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { LONGEST_PASSWORD, SHORTEST_PASSWORD, type Strength, strengthOf } from '../ui/credentials.ts'
import { PasswordField } from './PasswordField.tsx'

export interface NewPassword {
  readonly first: string
  readonly again: string
}

export type NewPasswordProblem = 'length' | 'differ'

interface NewPasswordFieldsProps {
  readonly value: NewPassword
  readonly onChange: (value: NewPassword) => void
  readonly problem: NewPasswordProblem | undefined
  readonly userName: string
  readonly size?: 'sm' | 'md'
}

const LEVELS = { weak: [25, 'red'], fair: [50, 'orange'], good: [75, 'kinora'], strong: [100, 'kinora'] } as const

export function NewPasswordFields({ value, onChange, problem, userName, size = 'sm' }: NewPasswordFieldsProps) {
  const { t } = useTranslation('account')
  const rule = t('passwordRule', { least: SHORTEST_PASSWORD, most: LONGEST_PASSWORD })
  return (
    <Stack gap="md">
      <Stack gap={8}>
        <PasswordField
          name="new-password"
          label={t('newPassword')}
          description={rule}
          size={size}
          autoComplete="new-password"
          value={value.first}
          onChange={(event) => onChange({ ...value, first: event.currentTarget.value })}
          error={problem === 'length' && t('passwordLength')}
        />
        {value.first !== '' && <Hint strength={strengthOf(value.first, userName)} />}
      </Stack>
      <PasswordField
        name="new-password-again"
        label={t('newPasswordAgain')}
        size={size}
        autoComplete="new-password"
        value={value.again}
        onChange={(event) => onChange({ ...value, again: event.currentTarget.value })}
        error={problem === 'differ' && t('passwordsDiffer')}
      />
    </Stack>
  )
}

function Hint({ strength }: { strength: Strength }) {
  const { t } = useTranslation('account')
  const [value, color] = LEVELS[strength]
  return (
    <Group gap="sm" wrap="nowrap">
      <Progress value={value} color={color} size="sm" flex={1} aria-hidden />
      <Text size="sm" role="status">
        {t(`strength.${strength}`)}
      </Text>
    </Group>
  )
}
