// What the shown page is called, for the tab's title (WCAG 2.2, 2.4.2).

import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'

const NAMES = {
  '': 'create',
  library: 'library',
  compare: 'compare',
  videos: 'video',
  queue: 'queue',
  account: 'account',
  admin: 'admin',
  help: 'help',
} as const

export function usePageName(): string {
  const { t } = useTranslation()
  const [location] = useLocation()
  const folder = location.split('/')[1] ?? ''
  return Object.hasOwn(NAMES, folder) ? t(`nav.${NAMES[folder as keyof typeof NAMES]}`) : t('notFound.title')
}
