// A user's own bounds in few words; work in videos with the usual settings.

import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { User } from '../api/types.ts'
import { BOUNDS } from './quota.ts'
import { useUsualVideos } from './use-usual-videos.ts'

export function QuotaText({ quota }: { quota: User['quota'] }) {
  const { t } = useTranslation('admin')
  const inVideos = useUsualVideos()
  const own = BOUNDS.flatMap((name) => {
    const value = quota[name]
    if (value === undefined) return []
    if (value === null) return [t(`quota.short.${name}_none`)]
    return [t(`quota.short.${name}`, { count: value, amount: name === 'work_per_day' ? inVideos(value) : value })]
  })
  return (
    <Text size="sm" {...(own.length === 0 && { c: 'dimmed' })}>
      {own.length === 0 ? t('quota.short.own') : own.join(' · ')}
    </Text>
  )
}
