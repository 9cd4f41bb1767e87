// What the notification says after videos went to the trash.

import { Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

export function Deleted({ count, onUndo }: { count: number; onUndo: () => void }) {
  const { t } = useTranslation(['library', 'common'])
  return (
    <Group justify="space-between" wrap="nowrap">
      <Text size="sm">{t('trash.done', { count })}</Text>
      <Button size="compact-sm" variant="default" onClick={onUndo}>
        {t('common:undo')}
      </Button>
    </Group>
  )
}
