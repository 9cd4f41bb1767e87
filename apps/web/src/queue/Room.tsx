// How many videos the account has asked for, and how many more it may.

import { Progress, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { capabilitiesQuery } from '../api/models.ts'
import type { QueueObject } from '../api/types.ts'
import { formatNumber, formatPercent } from '../ui/format.ts'
import styles from './Room.module.css'

export function Room({ queue }: { queue: QueueObject }) {
  const { t, i18n } = useTranslation('queue')
  const { data: capabilities } = useQuery(capabilitiesQuery)
  if (!capabilities) return null
  const { quota, used } = capabilities
  const number = (value: number) => formatNumber(value, i18n.language)
  const work = quota.work_per_day
  return (
    <Stack component="aside" gap="md" className={styles.room} aria-labelledby="queue-room">
      <Title order={2} fz="md" id="queue-room">
        {t('room.title')}
      </Title>
      <Meter name={t('room.queued')} used={queue.running + queue.waiting} most={quota.queued} />
      <Meter name={t('room.day')} used={used.per_day} most={quota.per_day} />
      {work !== null && (
        <Meter name={t('room.work')} used={used.work_per_day} most={work} text={formatPercent(used.work_per_day / work, i18n.language)} />
      )}
      <Text fz="sm" className={styles.quiet}>
        {t('room.all', { waiting: number(queue.waiting_of_all), limit: number(queue.limit) })}
      </Text>
    </Stack>
  )
}

interface MeterProps {
  readonly name: string
  readonly used: number
  /** null is no bound. */
  readonly most: number | null
  readonly text?: string
}

function Meter({ name, used, most, text }: MeterProps) {
  const { t, i18n } = useTranslation('queue')
  const id = useId()
  const number = (value: number) => formatNumber(value, i18n.language)
  const said = text ?? (most === null ? number(used) : t('room.of', { used: number(used), most: number(most) }))
  return (
    <div>
      <div className={styles.line}>
        <span id={id}>{name}</span>
        <span className={styles.value}>{said}</span>
      </div>
      {most === null ? (
        <Text fz="sm" className={styles.quiet}>
          {t('room.none')}
        </Text>
      ) : (
        <>
          <Progress.Root size="sm" mt={6}>
            <Progress.Section
              value={most === 0 ? 100 : Math.min(100, (used / most) * 100)}
              color={used >= most ? 'orange.8' : 'kinora'}
              aria-labelledby={id}
              aria-valuetext={said}
            />
          </Progress.Root>
          {text === undefined && (
            <Text fz="sm" mt={4} className={styles.quiet}>
              {t('room.left', { count: Math.max(0, most - used) })}
            </Text>
          )}
        </>
      )}
    </div>
  )
}
