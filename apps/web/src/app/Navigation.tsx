// Links to the pages, in the header or, on a phone, at the bottom.

import { Badge, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { CircleHelp, Clapperboard, ListOrdered, type LucideIcon, Sparkles } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useRoute } from 'wouter'
import { queueQuery } from '../api/videos.ts'
import styles from './Navigation.module.css'

interface Page {
  readonly href: string
  readonly name: 'create' | 'library' | 'queue' | 'help'
  readonly icon: LucideIcon
}

const PAGES: readonly Page[] = [
  { href: '/', name: 'create', icon: Sparkles },
  { href: '/library', name: 'library', icon: Clapperboard },
  { href: '/queue', name: 'queue', icon: ListOrdered },
  { href: '/help', name: 'help', icon: CircleHelp },
]

export function Navigation({ place }: { place: 'top' | 'bottom' }) {
  const { t } = useTranslation()
  return (
    <nav aria-label={t('nav.label')} className={styles[place]}>
      {PAGES.map((page) => (
        <PageLink key={page.href} page={page} size={place === 'top' ? 'sm' : 'xs'} />
      ))}
    </nav>
  )
}

function PageLink({ page: { href, name, icon: Icon }, size }: { page: Page; size: 'sm' | 'xs' }) {
  const { t } = useTranslation()
  const [isHere] = useRoute(href)
  return (
    <Link href={href} className={styles.link} aria-current={isHere ? 'page' : undefined}>
      <Icon size={18} aria-hidden />
      <Text component="span" fz={size} fw={550}>
        {t(`nav.${name}`)}
      </Text>
      {name === 'queue' && <Length />}
    </Link>
  )
}

function Length() {
  const { t } = useTranslation()
  const { data } = useQuery(queueQuery)
  const count = (data?.running ?? 0) + (data?.waiting ?? 0)
  if (count === 0) return null
  return (
    <Badge size="sm" circle={count < 10} aria-label={t('queueCount', { count })} className={styles.count}>
      {count}
    </Badge>
  )
}
