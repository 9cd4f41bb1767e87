// What stands in the grid's place: videos on their way, none yet, none that match, or why they do not come.

import { Alert, Button, EmptyState, Skeleton } from '@mantine/core'
import { Clapperboard, type LucideIcon, SearchX } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useErrorText } from '../i18n/use-error-text.ts'
import styles from './LibraryPage.module.css'

const CARDS = 10

export function Waiting() {
  const { t } = useTranslation()
  return (
    <div className={styles.skeletons} role="status" aria-label={t('loading')}>
      {Array.from({ length: CARDS }, (_, index) => (
        <Skeleton key={index} height={280} radius="md" />
      ))}
    </div>
  )
}

export function Nothing({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  const { t } = useTranslation('library')
  if (isFiltered)
    return (
      <Empty icon={SearchX} title={t('nothing.title')} text={t('nothing.text')}>
        <Button variant="default" onClick={onClear}>
          {t('nothing.action')}
        </Button>
      </Empty>
    )
  return (
    <Empty icon={Clapperboard} title={t('empty.title')} text={t('empty.text')}>
      <Button component={Link} href="/">
        {t('empty.action')}
      </Button>
    </Empty>
  )
}

interface EmptyProps {
  readonly icon: LucideIcon
  readonly title: ReactNode
  readonly text?: string
  /** The way on. */
  readonly children: ReactNode
}

export function Empty({ icon: Icon, title, text, children }: EmptyProps) {
  return (
    <EmptyState py={64} variant="light" icon={<Icon size={28} aria-hidden />} title={title} description={text}>
      <EmptyState.Actions>{children}</EmptyState.Actions>
    </EmptyState>
  )
}

export function Problem({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const { t } = useTranslation(['library', 'common'])
  const errorText = useErrorText()
  return (
    <Alert color="red" title={t('problem')}>
      {errorText(error)}
      <div>
        <Button variant="default" size="compact-sm" mt="sm" onClick={onRetry}>
          {t('common:retry')}
        </Button>
      </div>
    </Alert>
  )
}
