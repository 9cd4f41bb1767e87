// The button, and beneath it how long it will take, what stands before it, or what is in the way.

import { Anchor, Button, Loader, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Sparkles } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Capabilities } from '../api/types.ts'
import { queueQuery, videoQuery } from '../api/videos.ts'
import { estimateSeconds } from '../settings/estimate.ts'
import { fieldOf } from '../settings/limits.ts'
import { type Problem, problemOf } from '../settings/problem.ts'
import type { Settings } from '../settings/settings.ts'
import { formatNumber, formatSeconds } from '../ui/format.ts'
import { idOf } from './form-context.ts'
import styles from './GenerateBar.module.css'

interface GenerateBarProps {
  readonly capabilities: Capabilities | undefined
  readonly settings: Settings
  readonly pending: boolean
  readonly onPress: () => void
}

export function GenerateBar({ capabilities, settings, pending, onPress }: GenerateBarProps) {
  const { t } = useTranslation('create')
  const problem = capabilities && problemOf(capabilities, settings)
  const cannot = problem !== undefined || !capabilities
  return (
    <div>
      <Button
        fullWidth
        size="lg"
        className={styles.button}
        leftSection={pending ? <Loader size={20} color="currentcolor" aria-hidden /> : <Sparkles size={20} aria-hidden />}
        // Not `disabled`: that would take the focus away and hide the reason.
        data-disabled={cannot}
        aria-disabled={cannot}
        aria-busy={pending}
        aria-describedby={idOf('outlook')}
        onClick={onPress}
      >
        {t('generate')}
      </Button>
      <Text size="sm" c="dimmed" ta="center" mt={8} mih={22} id={idOf('outlook')}>
        {capabilities &&
          (problem ? (
            <Reason problem={problem} capabilities={capabilities} settings={settings} />
          ) : (
            <Outlook capabilities={capabilities} settings={settings} />
          ))}
      </Text>
    </div>
  )
}

function Reason({ problem: { kind }, capabilities, settings }: { problem: Problem; capabilities: Capabilities; settings: Settings }) {
  const { t, i18n } = useTranslation('create')
  const { quota, limits } = capabilities
  const count = { queueFull: 0, quotaQueued: quota.queued, quotaPerDay: quota.per_day }[kind as 'queueFull'] ?? 0
  return t(`problems.${kind}`, {
    count,
    model: settings.model,
    most: formatNumber(kind === 'tooManyPixels' ? limits.pixels : limits.prompt_length, i18n.language),
    multiple: fieldOf(capabilities, settings.model, 'width')?.least,
  })
}

function Outlook({ capabilities, settings }: { capabilities: Capabilities; settings: Settings }) {
  const { t, i18n } = useTranslation('create')
  const { data: queue } = useQuery(queueQuery)
  const id = settings.source?.id
  const { data: source } = useQuery({ ...videoQuery(id ?? ''), enabled: id !== undefined })
  const seconds = estimateSeconds(settings, capabilities, id === undefined ? undefined : source)
  // People take turns: how many of the others come first is not known.
  const own = queue ? queue.waiting + queue.running : 0
  const others = queue ? queue.waiting_of_all - queue.waiting : 0
  const parts = [
    seconds !== undefined && t('about', { time: formatSeconds(seconds < 10 ? Math.max(1, Math.round(seconds)) : seconds, i18n.language) }),
    own > 0 && t('ownBefore', { count: own }),
    others > 0 && t('othersWait', { count: others }),
  ].filter((part): part is Exclude<typeof part, false> => part !== false)
  return (
    <>
      {parts.join(' · ')}
      {queue?.paused && (
        <>
          {parts.length > 0 && ' · '}
          {t('paused')}{' '}
          <Anchor component={Link} href="/queue" inherit underline="always">
            {t('toQueue')}
          </Anchor>
        </>
      )}
    </>
  )
}
