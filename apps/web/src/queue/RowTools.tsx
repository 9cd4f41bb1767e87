// The buttons of a video that waits. Those that move it stay where they are at both ends of the list, so that the focus does too.

import { ActionIcon, Group, Menu } from '@mantine/core'
import { ArrowDown, ArrowUp, ArrowUpToLine, Copy, type LucideIcon, Pencil, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import styles from './Queue.module.css'
import { shortened } from './shortened.ts'
import type { RowProps } from './WaitingRow.tsx'

export function RowTools({ video, index, isLast, actions, onMove, onEdit }: RowProps) {
  const { t } = useTranslation('queue')
  const prompt = shortened(video.prompt)
  const isFirst = index === 0
  return (
    <Group gap={2} wrap="nowrap" className={styles.tools}>
      <Tool icon={ArrowUpToLine} label={t('toFront', { prompt })} hint={t('hint.toFront')} isOff={isFirst} onClick={() => onMove(0)} />
      <Tool icon={ArrowUp} label={t('up', { prompt })} hint={t('hint.up')} isOff={isFirst} onClick={() => onMove(index - 1)} />
      <Tool icon={ArrowDown} label={t('down', { prompt })} hint={t('hint.down')} isOff={isLast} onClick={() => onMove(index + 1)} />
      <Tool icon={Pencil} label={t('edit.open', { prompt })} hint={t('hint.edit')} onClick={onEdit} />
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={36}
            className={styles.tool}
            aria-label={t('copy.open', { prompt })}
            title={t('hint.copy')}
          >
            <Copy size={17} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void actions.copy(video, 'new')}>{t('copy.newSeed')}</Menu.Item>
          <Menu.Item onClick={() => void actions.copy(video, 'same')}>{t('copy.sameSeed', { seed: video.seed })}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Tool icon={X} label={t('cancelOne', { prompt })} hint={t('hint.cancel')} onClick={() => void actions.cancel(video)} />
    </Group>
  )
}

interface ToolProps {
  readonly icon: LucideIcon
  readonly label: string
  /** Of the pointer that rests. */
  readonly hint: string
  readonly isOff?: boolean
  readonly onClick: () => void
}

function Tool({ icon: Icon, label, hint, isOff = false, onClick }: ToolProps) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={36}
      className={styles.tool}
      aria-label={label}
      title={hint}
      aria-disabled={isOff}
      onClick={() => !isOff && onClick()}
    >
      <Icon size={17} aria-hidden />
    </ActionIcon>
  )
}
