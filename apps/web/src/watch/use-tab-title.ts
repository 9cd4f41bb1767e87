// The tab's title: the page, and how far the running video is, or that one is done, until the page is looked at.

import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { QueueObject } from '../api/types.ts'
import { formatPercent } from '../ui/format.ts'
import { usePageName } from '../ui/use-page-name.ts'
import { runningPercent } from './jobs.ts'

export function useTabTitle(queue: QueueObject | undefined): { readonly markDone: () => void } {
  const { t, i18n } = useTranslation('watch')
  const { t: common } = useTranslation()
  const [isDone, setIsDone] = useState(false)
  const markDone = useCallback(() => setIsDone(!isLookedAt()), [])
  useEffect(() => {
    const look = () => isLookedAt() && setIsDone(false)
    document.addEventListener('visibilitychange', look)
    window.addEventListener('focus', look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      window.removeEventListener('focus', look)
    }
  }, [])
  const percent = runningPercent(queue)
  const page = usePageName()
  useEffect(() => {
    if (percent !== undefined) document.title = t('title.running', { page, percent: formatPercent(percent / 100, i18n.language) })
    else document.title = isDone ? t('title.done', { page }) : common('title', { page })
  }, [percent, isDone, page, t, common, i18n.language])
  return { markDone }
}

function isLookedAt(): boolean {
  return !document.hidden && document.hasFocus()
}
