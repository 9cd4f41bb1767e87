// That nothing further is begun, as long as it is so.

import { Pause } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Notice } from './Notice.tsx'

export function PausedNotice({ running, waiting }: { running: number; waiting: number }) {
  const { t } = useTranslation('queue')
  return (
    <Notice color="yellow" icon={<Pause size={18} aria-hidden />} title={t('paused.title')}>
      {running > 0 ? t('paused.afterRunning', { count: waiting }) : t('paused.waiting', { count: waiting })}
    </Notice>
  )
}
