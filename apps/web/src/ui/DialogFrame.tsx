// A dialog as all are here: in the middle, its closing button named, what had the focus before has it again afterwards.

import { Modal, type ModalProps } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import styles from './DialogFrame.module.css'

/** A dialog's `<header>` would else be taken for a second one of the page. */
const NO_BANNER = { header: { role: 'none' } }

export function DialogFrame(props: ModalProps) {
  const { t } = useTranslation()
  return (
    <Modal
      centered
      radius="lg"
      classNames={{ title: styles.title }}
      closeButtonProps={{ 'aria-label': t('close') }}
      attributes={NO_BANNER}
      {...props}
    />
  )
}
