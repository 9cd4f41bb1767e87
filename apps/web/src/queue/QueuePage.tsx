// What of the account's videos is made and what waits: watched, brought into another order, changed, copied, cancelled.

import { Button, Grid, Skeleton, Stack, VisuallyHidden } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { type RefObject, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { VideoObject } from '../api/types.ts'
import { queueQuery } from '../api/videos.ts'
import { useErrorText } from '../i18n/use-error-text.ts'
import { useDialog } from '../ui/use-dialog.ts'
import { BatchDialog } from './BatchDialog.tsx'
import { BatchNotice } from './BatchNotice.tsx'
import { EditDialog } from './EditDialog.tsx'
import { EmptyQueue } from './EmptyQueue.tsx'
import { Notice } from './Notice.tsx'
import { PausedNotice } from './PausedNotice.tsx'
import { QueueHeader } from './QueueHeader.tsx'
import { Room } from './Room.tsx'
import { RunningList } from './RunningList.tsx'
import { type Actions, useActions, useShowError } from './use-actions.ts'
import { type LiveQueue, useLiveQueue } from './use-queue.ts'
import { WaitingList } from './WaitingList.tsx'

export function QueuePage() {
  const [said, announce] = useState('')
  const heading = useRef<HTMLHeadingElement>(null)
  const [batchIsOpen, batchDialog] = useDisclosure()
  const live = useLiveQueue(useShowError())
  const actions = useActions(announce)
  const edit = useDialog<VideoObject>()
  /** What opened a dialog may be gone when it closes. */
  const keepFocus = () => void (document.activeElement === document.body && heading.current?.focus())
  return (
    <Stack gap="lg">
      <QueueHeader heading={heading} queue={live.queue} actions={actions} onBatch={batchDialog.open} onClosed={keepFocus} />
      <VisuallyHidden role="status">{said}</VisuallyHidden>
      <BatchNotice isShown={!batchIsOpen} onOpen={batchDialog.open} />
      {live.queue ? (
        <Content live={live} actions={actions} announce={announce} heading={heading} onEdit={edit.open} />
      ) : (
        <Pending error={live.error} />
      )}
      <EditDialog dialog={edit} onClosed={keepFocus} announce={announce} />
      <BatchDialog isOpen={batchIsOpen} onClose={batchDialog.close} />
    </Stack>
  )
}

interface ContentProps {
  readonly live: LiveQueue
  readonly actions: Actions
  readonly announce: (text: string) => void
  readonly heading: RefObject<HTMLHeadingElement | null>
  readonly onEdit: (video: VideoObject) => void
}

function Content({ live, actions, announce, heading, onEdit }: ContentProps) {
  const { queue, running, waiting } = live
  if (!queue) return null
  const isEmpty = running.length + waiting.length === 0
  return (
    <>
      {queue.paused && <PausedNotice running={queue.running} waiting={queue.waiting} />}
      <Grid gap={{ base: 'lg', md: 'xl' }}>
        <Grid.Col span={{ base: 12, md: 'auto' }}>
          {isEmpty ? (
            <EmptyQueue />
          ) : (
            <Stack gap="xl">
              <RunningList videos={running} actions={actions} />
              <WaitingList live={live} count={queue.waiting} actions={actions} announce={announce} heading={heading} onEdit={onEdit} />
            </Stack>
          )}
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 'content' }} w={{ base: '100%', md: 300 }}>
          <Room queue={queue} />
        </Grid.Col>
      </Grid>
    </>
  )
}

/** Before the first answer, or in its place. */
function Pending({ error }: { error: Error | null }) {
  const { t } = useTranslation('queue')
  const errorText = useErrorText()
  const client = useQueryClient()
  if (!error)
    return (
      <Stack gap="sm" role="status" aria-label={t('loading')}>
        <Skeleton h={132} />
        {[1, 2, 3].map((row) => (
          <Skeleton key={row} h={84} />
        ))}
      </Stack>
    )
  return (
    <Notice color="red" title={t('failed')}>
      <Stack gap="sm" align="flex-start">
        {errorText(error)}
        <Button variant="default" onClick={() => void client.refetchQueries({ queryKey: queueQuery.queryKey })}>
          {t('retry')}
        </Button>
      </Stack>
    </Notice>
  )
}
