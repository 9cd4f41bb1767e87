// Links to the parts of the administration. Each has an address, so they are links and not tabs.

import { Activity, HardDrive, KeyRound, LayoutGrid, type LucideIcon, ScrollText, UsersRound } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useRoute } from 'wouter'
import styles from './AdminNavigation.module.css'

const TABS = {
  overview: LayoutGrid,
  users: UsersRound,
  keys: KeyRound,
  workers: Activity,
  storage: HardDrive,
  audit: ScrollText,
} as const satisfies Record<string, LucideIcon>

export type Tab = keyof typeof TABS

export function isTab(name: string): name is Tab {
  return Object.hasOwn(TABS, name)
}

export function AdminNavigation() {
  const { t } = useTranslation('admin')
  return (
    <nav aria-label={t('title')} className={styles.tabs}>
      {(Object.keys(TABS) as Tab[]).map((tab) => (
        <TabLink key={tab} tab={tab} />
      ))}
    </nav>
  )
}

function TabLink({ tab }: { tab: Tab }) {
  const { t } = useTranslation('admin')
  const href = tab === 'overview' ? '/admin' : `/admin/${tab}`
  const [isHere] = useRoute(href)
  const Icon = TABS[tab]
  const link = useRef<HTMLAnchorElement>(null)
  useEffect(() => {
    if (isHere) link.current?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [isHere])
  return (
    <Link ref={link} href={href} className={styles.tab} aria-current={isHere ? 'page' : undefined}>
      <Icon size={16} aria-hidden />
      {t(`tab.${tab}`)}
    </Link>
  )
}
