// A key that was just made: the only time that anyone sees it.

import { Alert, Button, Group, Stack } from '@mantine/core'
import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { addressOf } from '../base.ts'
import { CopyField } from '../ui/CopyField.tsx'
import { curlExample } from './keys.ts'

export function NewKeyShown({ secret, onDone }: { secret: string; onDone: () => void }) {
  const { t } = useTranslation('account')
  return (
    <Stack gap="lg">
      <Alert role="status" color="orange" icon={<TriangleAlert size={18} aria-hidden />}>
        {t('newKey.once')}
      </Alert>
      <CopyField label={t('newKey.key')} text={secret} />
      <CopyField label={t('keys.example')} text={curlExample(addressOf('v1/videos'), secret)} lines />
      <Group justify="flex-end">
        <Button onClick={onDone}>{t('newKey.done')}</Button>
      </Group>
    </Stack>
  )
}
