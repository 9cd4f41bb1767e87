// A dialog that shows the finished videos of the library, to choose the one to start from.

import { Button, Center, Loader, Modal, Stack, Text, UnstyledButton } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { contentUrl, videosQuery } from '../../api/videos.ts'
import { useErrorText } from '../../i18n/use-error-text.ts'
import styles from './VideoPicker.module.css'

interface VideoPickerProps {
  readonly opened: boolean
  readonly onClose: () => void
  readonly onPick: (id: string) => void
}

export function VideoPicker({ opened, onClose, onPick }: VideoPickerProps) {
  const { t } = useTranslation('create')
  const { t: common } = useTranslation()
  return (
    <Modal opened={opened} onClose={onClose} title={t('picker.title')} size="xl" closeButtonProps={{ 'aria-label': common('close') }}>
      {opened && (
        <Videos
          onPick={(id) => {
            onPick(id)
            onClose()
          }}
        />
      )}
    </Modal>
  )
}

function Videos({ onPick }: { onPick: (id: string) => void }) {
  const { t } = useTranslation('create')
  const errorText = useErrorText()
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(videosQuery({ status: 'completed' }))
  const videos = data?.pages.flatMap((page) => page.data) ?? []
  if (isPending)
    return (
      <Center mih={160}>
        <Loader aria-label={t('picker.loading')} role="status" />
      </Center>
    )
  if (error && videos.length === 0) return <Text role="alert">{errorText(error)}</Text>
  if (videos.length === 0) return <Text c="dimmed">{t('picker.empty')}</Text>
  return (
    <Stack>
      <ul className={styles.grid}>
        {videos.map(({ id, prompt }) => (
          <li key={id}>
            <UnstyledButton className={styles.video} onClick={() => onPick(id)}>
              <img src={contentUrl(id, 'thumbnail')} alt="" loading="lazy" />
              <Text size="xs" lineClamp={2} translate="no">
                {prompt ?? id}
              </Text>
            </UnstyledButton>
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button variant="default" onClick={() => void fetchNextPage()} aria-busy={isFetchingNextPage}>
          {t('picker.more')}
        </Button>
      )}
    </Stack>
  )
}
