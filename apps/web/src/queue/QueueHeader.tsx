// The page's title and what is done to the queue as a whole.

import { Button, Group, Menu, Stack, Text, Title } from '@mantine/core'
import { ChevronDown, ListPlus, Pause, Play, X } from 'lucide-react'
import { type RefObject, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { QueueObject } from '../api/types.ts'
import { ConfirmCancel } from './ConfirmCancel.tsx'
import styles from './Queue.module.css'
import type { Actions } from './use-actions.ts'

interface Props {
  readonly heading: RefObject<HTMLHeadingElement | null>
  readonly queue: QueueObject | undefined
  readonly actions: Actions
  readonly onBatch: () => void
  /** After a dialog is gone. */
  readonly onClosed: () => void
}

export function QueueHeader({ heading, queue, actions, onBatch, onClosed }: Props) {
  const { t } = useTranslation('queue')
  return (
    <Group justify="space-between" align="flex-end" gap="md">
      <Stack gap={4}>
        <Title order={1} ref={heading} tabIndex={-1} className={styles.heading}>
          {t('title')}
        </Title>
        <Text className={styles.quiet}>{queue ? t('summary', { running: queue.running, waiting: queue.waiting }) : t('loading')}</Text>
      </Stack>
      <Group gap="xs" className={styles.actions}>
        <CancelMenu queue={queue} actions={actions} onClosed={onClosed} />
        <PauseButton queue={queue} actions={actions} />
        <Button leftSection={<ListPlus size={16} aria-hidden />} onClick={onBatch}>
          {t('batch.open')}
        </Button>
      </Group>
    </Group>
  )
}

function PauseButton({ queue, actions }: Pick<Props, 'queue' | 'actions'>) {
  const { t } = useTranslation('queue')
  const [isBusy, setBusy] = useState(false)
  if (!queue) return null
  const change = async () => {
    if (isBusy) return
    setBusy(true)
    await actions.setPaused(!queue.paused)
    setBusy(false)
  }
  const Icon = queue.paused ? Play : Pause
  return (
    <Button variant="default" leftSection={<Icon size={16} aria-hidden />} aria-disabled={isBusy} onClick={() => void change()}>
      {t(queue.paused ? 'resume' : queue.running > 0 ? 'pauseAfter' : 'pause')}
    </Button>
  )
}

/** The number may change while the question is asked: what is cancelled is the scope. */
function CancelMenu({ queue, actions, onClosed }: Pick<Props, 'queue' | 'actions' | 'onClosed'>) {
  const { t } = useTranslation('queue')
  const [scope, setScope] = useState<'all' | 'waiting'>()
  const { running = 0, waiting = 0 } = queue ?? {}
  return (
    <>
      {running + waiting > 1 && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" leftSection={<X size={16} aria-hidden />} rightSection={<ChevronDown size={14} aria-hidden />}>
              {t('cancelMany.open')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {waiting > 0 && (
              <Menu.Item onClick={() => setScope('waiting')}>
                {t(running > 0 ? 'cancelMany.allButRunning' : 'cancelMany.waiting', { count: waiting })}
              </Menu.Item>
            )}
            {running > 0 && <Menu.Item onClick={() => setScope('all')}>{t('cancelMany.all', { count: running + waiting })}</Menu.Item>}
          </Menu.Dropdown>
        </Menu>
      )}
      <ConfirmCancel
        isOpen={scope !== undefined}
        count={scope === 'all' ? running + waiting : waiting}
        onClose={() => setScope(undefined)}
        onClosed={onClosed}
        onConfirm={() => scope && actions.cancelMany(scope)}
      />
    </>
  )
}
