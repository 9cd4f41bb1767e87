// Several prompts at once: pasted, one a line, and queued one after the other with the settings of the form on the start page.

import { Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { capabilitiesQuery } from '../api/models.ts'
import { useDraft } from '../settings/draft.ts'
import { DialogFrame } from '../ui/DialogFrame.tsx'
import { BatchOutcome } from './BatchOutcome.tsx'
import { BatchProgress } from './BatchProgress.tsx'
import { BatchSettings } from './BatchSettings.tsx'
import { forgetOutcome, setBatchText, startBatch, stopBatch, useBatch } from './batch.ts'
import { batchDraftOf, linesOf, roomOf, type Seeds } from './lines.ts'
import { Notice } from './Notice.tsx'
import styles from './Queue.module.css'
import { SeedChoice } from './SeedChoice.tsx'
import { useRefresh } from './use-queue.ts'

export function BatchDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('queue')
  const close = () => {
    forgetOutcome()
    onClose()
  }
  return (
    <DialogFrame opened={isOpen} onClose={close} size={720} title={t('batch.title')}>
      <BatchForm onClose={close} />
    </DialogFrame>
  )
}

function BatchForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('queue')
  const refresh = useRefresh()
  const { data: capabilities } = useQuery(capabilitiesQuery)
  const draft = batchDraftOf(useDraft())
  const { text, isRunning, isStopping, progress } = useBatch()
  const [seeds, setSeeds] = useState<Seeds>({ kind: 'random' })
  const count = linesOf(text).length
  const room = capabilities ? roomOf(capabilities) : Number.POSITIVE_INFINITY
  const most = Math.min(count, room)
  const start = async () => {
    const end = await startBatch(draft, seeds, most, () => void refresh())
    if (end?.queued === end?.total && linesOf(text).length === most) onClose()
  }
  return (
    <Stack gap="md">
      <Textarea
        label={t('batch.prompts')}
        description={t('batch.hint')}
        placeholder={t('batch.placeholder')}
        value={text}
        onChange={(event) => setBatchText(event.currentTarget.value)}
        readOnly={isRunning}
        autosize
        minRows={7}
        maxRows={14}
        data-autofocus
      />
      <Text fz="sm" role="status" className={styles.quiet}>
        {t('batch.count', { count })}
        {Number.isFinite(room) && count > room && ` ${t('batch.tooMany', { count: room })}`}
      </Text>
      {isRunning && progress && <BatchProgress progress={progress} />}
      {!isRunning && progress && <BatchOutcome progress={progress} />}
      <SeedChoice seeds={seeds} onChange={setSeeds} isOff={isRunning} />
      <BatchSettings draft={draft} />
      {room === 0 && !isRunning && <Notice color="yellow">{t('batch.noRoom')}</Notice>}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {t('close')}
        </Button>
        {isRunning ? (
          <Button variant="default" onClick={stopBatch} loading={isStopping}>
            {t('batch.stop')}
          </Button>
        ) : (
          <Button disabled={most === 0} onClick={() => void start()}>
            {t('batch.start', { count: most })}
          </Button>
        )}
      </Group>
    </Stack>
  )
}
