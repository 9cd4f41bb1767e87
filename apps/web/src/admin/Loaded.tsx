// What stands in the place of something that is fetched: its shape at first, what went wrong, then the thing itself. What was
// shown before stays when a later try fails.

import { Alert, Button, Group, Skeleton, Text } from '@mantine/core'
import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useErrorText } from '../i18n/use-error-text.ts'

interface LoadedProps<T> {
  readonly query: { readonly data: T | undefined; readonly error: unknown; readonly refetch: () => Promise<unknown> }
  /** Of the shape, in pixels. */
  readonly height?: number
  readonly children: (data: T) => ReactNode
}

export function Loaded<T>({ query: { data, error, refetch }, height = 240, children }: LoadedProps<T>) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  if (data !== undefined) return children(data)
  if (!error) return <Skeleton height={height} radius="lg" role="status" aria-label={t('loading')} />
  return (
    <Alert role="alert" color="red" icon={<TriangleAlert size={18} aria-hidden />}>
      <Group justify="space-between">
        <Text size="sm">{errorText(error)}</Text>
        <Button variant="default" size="compact-md" onClick={() => void refetch()}>
          {t('retry')}
        </Button>
      </Group>
    </Alert>
  )
}
