// The whole window as a place to drop a video on, whose settings then fill the form. A place on the page that takes files
// itself stops its events, so that this one does not show.

import { Portal, Text } from '@mantine/core'
import { useWindowEvent } from '@mantine/hooks'
import { FileVideo2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './DropRestore.module.css'
import { useRestore } from './use-restore.ts'

/** Browsers tell at least every 350 ms of what is held over the window; there is no event for its going elsewhere. */
const GONE_MS = 500

export function DropRestore() {
  const { t } = useTranslation('library')
  const restore = useRestore()
  const [heldAt, setHeldAt] = useState<number>()
  useEffect(() => {
    if (heldAt === undefined) return
    const timer = setTimeout(() => setHeldAt(undefined), GONE_MS)
    return () => clearTimeout(timer)
  }, [heldAt])
  useWindowEvent('dragover', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'copy'
    setHeldAt(Date.now())
  })
  useWindowEvent('dragleave', ({ relatedTarget }) => {
    if (relatedTarget === null) setHeldAt(undefined)
  })
  useWindowEvent('drop', (event) => {
    setHeldAt(undefined)
    const files = [...(event.dataTransfer?.files ?? [])]
    if (files.length === 0) return
    event.preventDefault()
    void restore(files)
  })
  if (heldAt === undefined) return null
  return (
    <Portal>
      <div className={styles.overlay}>
        <div className={styles.frame}>
          <FileVideo2 size={44} strokeWidth={1.5} aria-hidden />
          <Text fw={650} fz="xl">
            {t('restore.drop')}
          </Text>
          <Text c="dimmed">{t('restore.dropForms')}</Text>
        </div>
      </div>
    </Portal>
  )
}
