// All videos of the account: found, starred, selected, compared, deleted, and their settings used again.

import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useWindowEvent } from '@mantine/hooks'
import { CheckSquare } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useTrash } from '../videos/use-trash.ts'
import { DropRestore } from './DropRestore.tsx'
import { Grid } from './Grid.tsx'
import styles from './LibraryPage.module.css'
import { Nothing, Problem, Waiting } from './Nothing.tsx'
import { RestoreButton } from './RestoreButton.tsx'
import { SelectionBar } from './SelectionBar.tsx'
import { Toolbar } from './Toolbar.tsx'
import { useCardActions } from './use-card-actions.ts'
import { isFiltered, useFilter } from './use-filter.ts'
import { useSelection } from './use-selection.ts'
import { useVideos } from './use-videos.ts'

export function LibraryPage() {
  const { t } = useTranslation('library')
  const [filter, setFilter] = useFilter()
  const { videos, loadMore, ...list } = useVideos(filter)
  const { selection, selected, needs, focusNext, start, end, all } = useSelection(videos)
  const actions = useCardActions(needs)
  const trash = useTrash()
  const heading = useRef<HTMLHeadingElement>(null)
  useWindowEvent('keydown', ({ key, defaultPrevented }) => {
    if (key === 'Escape' && selection.isOn && !defaultPrevented) end()
  })
  const isEmpty = videos.length === 0
  useEffect(() => {
    // After the last video was deleted.
    if (isEmpty && focusNext.current !== undefined) heading.current?.focus()
  }, [isEmpty, focusNext])
  const trashSelected = (ids: readonly string[]) => {
    needs.onTrash(ids[0] ?? '')
    void trash(ids)
    end()
  }
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="end">
        <Group align="baseline" gap="md">
          <Title order={1} ref={heading} tabIndex={-1} style={{ outline: 'none' }}>
            {t('title')}
          </Title>
          <Count count={videos.length} hasMore={loadMore !== undefined} isLoading={list.isPending} />
        </Group>
        <Group gap="xs">
          <RestoreButton />
          <Button
            variant="default"
            leftSection={<CheckSquare size={16} aria-hidden />}
            disabled={isEmpty || selection.isOn}
            onClick={start}
          >
            {t('select')}
          </Button>
        </Group>
      </Group>
      <div className={styles.bar}>
        {selection.isOn ? (
          <SelectionBar selected={selected} shown={videos.length} onAll={all} onEnd={end} onTrash={trashSelected} />
        ) : (
          <Toolbar filter={filter} onChange={setFilter} />
        )}
      </div>
      {list.isPending && <Waiting />}
      {list.error && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && isEmpty && (
        <Nothing isFiltered={isFiltered(filter)} onClear={() => setFilter({ search: '', model: '', starred: false })} />
      )}
      {!isEmpty && (
        <Grid
          videos={videos}
          selection={selection}
          actions={actions}
          loadMore={loadMore}
          isBusy={list.isPlaceholderData}
          focusNext={focusNext}
        />
      )}
      <DropRestore />
    </Stack>
  )
}

function Count({ count, hasMore, isLoading }: { count: number; hasMore: boolean; isLoading: boolean }) {
  const { t } = useTranslation('library')
  return (
    <Text c="dimmed" role="status">
      {isLoading ? '' : t(hasMore ? 'countMore' : 'count', { count })}
    </Text>
  )
}
