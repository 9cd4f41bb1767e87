// What can be done with the selected videos. It stands in the toolbar's place.

import { ActionIcon, Button, Group, Text, Tooltip } from '@mantine/core'
import { Columns2, Download, type LucideIcon, Star, Trash2, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { VideoObject } from '../api/types.ts'
import { useStar } from '../videos/use-star.ts'
import { downloadVideos } from './download.ts'
import styles from './LibraryPage.module.css'

interface SelectionBarProps {
  /** In the list's order. */
  readonly selected: readonly VideoObject[]
  /** How many are loaded. */
  readonly shown: number
  readonly onAll: () => void
  readonly onEnd: () => void
  readonly onTrash: (ids: readonly string[]) => void
}

export function SelectionBar({ selected, shown, onAll, onEnd, onTrash }: SelectionBarProps) {
  const { t } = useTranslation('library')
  const [, navigate] = useLocation()
  const star = useStar()
  const ids = selected.map(({ id }) => id)
  const finished = selected.filter(({ status }) => status === 'completed')
  const canCompare = selected.length === 2 && finished.length === 2
  const areStarred = selected.length > 0 && selected.every(({ starred }) => starred)
  const isNone = selected.length === 0
  return (
    <Group className={styles.selected} role="group" aria-label={t('selection.label')}>
      <ActionIcon variant="subtle" color="gray" c="var(--mantine-color-text)" aria-label={t('selection.end')} onClick={onEnd}>
        <X size={18} aria-hidden />
      </ActionIcon>
      <Text fw={600} size="sm" role="status">
        {t('selection.count', { count: selected.length })}
      </Text>
      <Button variant="subtle" size="compact-sm" disabled={selected.length === shown} onClick={onAll}>
        {t('selection.all', { count: shown })}
      </Button>
      <span className={styles.spread} />
      <Tooltip label={t('selection.compareHint')} disabled={canCompare}>
        <Action
          icon={Columns2}
          text={t('selection.compare')}
          isOff={!canCompare}
          onClick={() => navigate(`/compare?${new URLSearchParams({ a: ids[0] ?? '', b: ids[1] ?? '' })}`)}
        />
      </Tooltip>
      <Action
        icon={Star}
        text={t(areStarred ? 'selection.unstar' : 'selection.star')}
        isOff={isNone}
        onClick={() => void star(ids, !areStarred)}
      />
      <Action icon={Download} text={t('selection.download')} isOff={finished.length === 0} onClick={() => void downloadVideos(finished)} />
      <Action icon={Trash2} text={t('selection.delete')} isOff={isNone} onClick={() => onTrash(ids)} />
    </Group>
  )
}

interface ActionProps {
  readonly icon: LucideIcon
  readonly text: string
  /** Still reached by the keyboard, so that what it needs can be read there. */
  readonly isOff: boolean
  readonly onClick: () => void
}

/** On a phone, the picture alone. What else it is given, a tooltip's events, goes to the button. */
function Action({ icon: Icon, text, isOff, onClick, ...others }: ActionProps) {
  return (
    <Button
      variant="default"
      size="compact-md"
      aria-label={text}
      aria-disabled={isOff}
      data-disabled={isOff}
      {...others}
      onClick={() => isOff || onClick()}
    >
      <Icon size={16} aria-hidden />
      <Text component="span" size="sm" ms={6} className={styles.wideOnly}>
        {text}
      </Text>
    </Button>
  )
}
