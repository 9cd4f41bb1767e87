// Where a video to start from comes from: dropped here, a file, or the library. A drop stays here: elsewhere on the page it
// would restore the video's settings.

import { Button, FileButton, Group, Text } from '@mantine/core'
import { Clapperboard, FileVideo } from 'lucide-react'
import { type DragEvent, type Ref, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatBytes } from '../../ui/format.ts'
import { idOf, useForm } from '../form-context.ts'
import { fileProblem, SOURCE_TYPES, startFromEarlier, startFromFile } from '../source.ts'
import styles from './SourceField.module.css'
import { VideoPicker } from './VideoPicker.tsx'

export function SourceChooser({ focusRef }: { focusRef: Ref<HTMLButtonElement> }) {
  const { t, i18n } = useTranslation('create')
  const { capabilities } = useForm()
  const [problem, setProblem] = useState<'type' | 'size'>()
  const [isPicking, setPicking] = useState(false)
  const take = (file: File | null) => {
    if (!file) return
    const found = fileProblem(file, capabilities)
    setProblem(found)
    if (!found) startFromFile(file)
  }
  const { isOver, ...drop } = useDrop(take)
  return (
    <>
      <div className={styles.zone} data-over={isOver || undefined} {...drop}>
        <Text size="xs" c="dimmed" w="100%">
          {t('source.drop')}
        </Text>
        <Group gap="xs" justify="center">
          <FileButton onChange={take} accept={SOURCE_TYPES}>
            {(props) => (
              <Button
                {...props}
                id={idOf('source')}
                ref={focusRef}
                variant="default"
                size="xs"
                leftSection={<FileVideo size={16} aria-hidden />}
              >
                {t('source.file')}
              </Button>
            )}
          </FileButton>
          <Button variant="default" size="xs" leftSection={<Clapperboard size={16} aria-hidden />} onClick={() => setPicking(true)}>
            {t('source.library')}
          </Button>
        </Group>
      </div>
      {problem && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert" mt={4}>
          {t(`source.bad.${problem}`, { most: formatBytes(capabilities.uploads.bytes, i18n.language) })}
        </Text>
      )}
      <VideoPicker opened={isPicking} onClose={() => setPicking(false)} onPick={(id) => startFromEarlier(id)} />
    </>
  )
}

function useDrop(take: (file: File | null) => void) {
  const [isOver, setOver] = useState(false)
  const mine = (event: DragEvent) => {
    event.preventDefault()
    event.stopPropagation()
  }
  return {
    isOver,
    onDragEnter: mine,
    onDragOver: (event: DragEvent) => {
      mine(event)
      setOver(true)
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      mine(event)
      setOver(false)
      take(event.dataTransfer.files[0] ?? null)
    },
  }
}
