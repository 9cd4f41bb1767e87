// A user's role, each with what it means.

import { Radio, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { User } from '../api/types.ts'

const ROLES = ['user', 'admin'] as const

export function RoleField({ value, onChange }: { value: User['role']; onChange: (role: User['role']) => void }) {
  const { t } = useTranslation('admin')
  return (
    <Radio.Group label={t('users.role')} value={value} onChange={(role) => onChange(role === 'admin' ? 'admin' : 'user')}>
      <Stack gap="xs" mt="xs">
        {ROLES.map((role) => (
          <Radio key={role} value={role} label={t(`role.${role}`)} description={t(`role.${role}_text`)} />
        ))}
      </Stack>
    </Radio.Group>
  )
}
