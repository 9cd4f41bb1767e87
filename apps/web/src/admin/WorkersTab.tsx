// The machines that make videos, as they were last heard of; looked at again every few seconds.

import { SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { CopyField } from '../ui/CopyField.tsx'
import { Empty } from './Empty.tsx'
import { Loaded } from './Loaded.tsx'
import { workersQuery } from './queries.ts'
import { WorkerCard } from './WorkerCard.tsx'

const START = `kinora worker \\
  --database-url postgres://USER:PASSWORD@HOST/DATABASE \\
  --storage 's3://BUCKET' \\
  --model NAME=SOURCE`

export function WorkersTab() {
  const { t } = useTranslation('admin')
  const query = useQuery(workersQuery)
  return (
    <Stack gap="md">
      <Stack gap={4}>
        <Title order={2} size="h3">
          {t('tab.workers')}
        </Title>
        <Text c="dimmed">{t('workers.text')}</Text>
      </Stack>
      <Loaded query={query}>
        {(workers) =>
          workers.length === 0 ? (
            <Empty title={t('workers.none')}>
              <HowToStart />
            </Empty>
          ) : (
            <>
              <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
                {workers.map((worker) => (
                  <WorkerCard key={worker.id} worker={worker} />
                ))}
              </SimpleGrid>
              <Stack gap="md" mt="md">
                <Title order={3} size="h4">
                  {t('workers.more')}
                </Title>
                <HowToStart />
              </Stack>
            </>
          )
        }
      </Loaded>
    </Stack>
  )
}

function HowToStart() {
  const { t } = useTranslation('admin')
  return (
    <Stack gap="sm" maw={720}>
      <Text size="sm">{t('workers.how')}</Text>
      <CopyField label={t('workers.command')} text={START} lines />
    </Stack>
  )
}
