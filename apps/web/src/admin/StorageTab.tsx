// What videos take, altogether and by user.

import { Group, List, Progress, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Clapperboard, Film, HardDrive } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { StorageObject } from '../api/types.ts'
import { formatBytes, formatNumber } from '../ui/format.ts'
import { Panel } from '../ui/Panel.tsx'
import { Empty } from './Empty.tsx'
import { Figure } from './Figure.tsx'
import { Loaded } from './Loaded.tsx'
import { storageQuery } from './queries.ts'
import styles from './StorageTab.module.css'

export function StorageTab() {
  const { t } = useTranslation('admin')
  const query = useQuery(storageQuery)
  return (
    <Stack gap="md">
      <Title order={2} size="h3">
        {t('tab.storage')}
      </Title>
      <Loaded query={query}>{(storage) => <Storage storage={storage} />}</Loaded>
    </Stack>
  )
}

function Storage({ storage: { bytes, videos, completed, users } }: { storage: StorageObject }) {
  const { t, i18n } = useTranslation('admin')
  const number = (value: number) => formatNumber(value, i18n.language)
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <Figure icon={HardDrive} name={t('storage.bytes')} value={formatBytes(bytes, i18n.language)} text={t('storage.bytesText')} />
        <Figure icon={Film} name={t('storage.completed')} value={number(completed)} text={t('storage.completedText')} />
        <Figure icon={Clapperboard} name={t('storage.videos')} value={number(videos)} text={t('storage.videosText')} />
      </SimpleGrid>
      {users.length === 0 ? (
        <Empty title={t('storage.none')} />
      ) : (
        <Panel title={t('storage.byUser')}>
          <List listStyleType="none" className={styles.users} aria-label={t('storage.byUser')}>
            {users.map((user) => (
              <List.Item key={user.id} className={styles.user}>
                <UserShare user={user} most={users[0]?.bytes ?? 0} />
              </List.Item>
            ))}
          </List>
        </Panel>
      )}
    </Stack>
  )
}

/** The bar's length is that of who takes most. */
function UserShare({ user, most }: { user: StorageObject['users'][number]; most: number }) {
  const { t, i18n } = useTranslation('admin')
  return (
    <Stack gap={6}>
      <Group justify="space-between" gap="xs">
        <Text fw={600} translate="no">
          {user.name}
        </Text>
        <Text size="sm">{t('storage.userText', { count: user.videos, bytes: formatBytes(user.bytes, i18n.language) })}</Text>
      </Group>
      <Progress value={most > 0 ? (user.bytes / most) * 100 : 0} size="md" aria-hidden />
    </Stack>
  )
}
