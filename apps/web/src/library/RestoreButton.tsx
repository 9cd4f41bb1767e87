// Restores settings from a video that is picked: the way without dragging.

import { Button, FileButton } from '@mantine/core'
import { FileUp } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useRestore } from './use-restore.ts'

export function RestoreButton() {
  const { t } = useTranslation('library')
  const restore = useRestore()
  return (
    <FileButton accept="video/mp4,video/webm,.mp4,.webm" onChange={(file) => void (file && restore([file]))}>
      {(props) => (
        <Button {...props} variant="default" leftSection={<FileUp size={16} aria-hidden />} title={t('restore.hint')}>
          {t('restore.button')}
        </Button>
      )}
    </FileButton>
  )
}
