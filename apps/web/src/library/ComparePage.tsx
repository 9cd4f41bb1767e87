// Two videos beside each other, in step, and what was different when they were made. The address names both.

import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ArrowLeft, ArrowLeftRight, Columns2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'wouter'
import { ApiError } from '../api/client.ts'
import type { VideoObject } from '../api/types.ts'
import { videoQuery } from '../api/videos.ts'
import { Loading } from '../ui/Loading.tsx'
import { Comparison } from './Comparison.tsx'
import { Empty, Problem } from './Nothing.tsx'

export function ComparePage() {
  const { t } = useTranslation('library')
  const [params, setParams] = useSearchParams()
  const [a, b] = [params.get('a') ?? '', params.get('b') ?? '']
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="end">
        <Stack gap={4}>
          <Anchor component={Link} href="/library" size="sm">
            <Group gap={6} component="span">
              <ArrowLeft size={16} aria-hidden />
              {t('compare.back')}
            </Group>
          </Anchor>
          <Title order={1}>{t('compare.title')}</Title>
        </Stack>
        <Button
          variant="default"
          leftSection={<ArrowLeftRight size={16} aria-hidden />}
          disabled={a === '' || b === ''}
          onClick={() => setParams({ a: b, b: a }, { replace: true })}
        >
          {t('compare.swap')}
        </Button>
      </Group>
      {a === '' || b === '' ? <NotTwo text={t('compare.choose')} /> : <Both a={a} b={b} />}
    </Stack>
  )
}

function Both({ a, b }: { a: string; b: string }) {
  const { t } = useTranslation('library')
  const [first, second] = [useQuery(videoQuery(a)), useQuery(videoQuery(b))]
  const error = first.error ?? second.error
  if (error instanceof ApiError && error.status === 404) return <NotTwo text={t('compare.gone')} />
  if (error) return <Problem error={error} onRetry={() => void Promise.all([first.refetch(), second.refetch()])} />
  if (!first.data || !second.data) return <Loading />
  const videos: readonly VideoObject[] = [first.data, second.data]
  if (videos.some(({ status }) => status !== 'completed')) return <NotTwo text={t('compare.notReady')} />
  return <Comparison a={first.data} b={second.data} />
}

function NotTwo({ text }: { text: string }) {
  const { t } = useTranslation('library')
  return (
    <Empty icon={Columns2} title={<Text>{text}</Text>}>
      <Button component={Link} href="/library" variant="default">
        {t('compare.back')}
      </Button>
    </Empty>
  )
}
