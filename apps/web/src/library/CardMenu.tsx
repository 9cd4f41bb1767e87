// What can be done with one video. The menu itself is made when it is first opened: a long list has many of them.

import { Menu } from '@mantine/core'
import { Download, EllipsisVertical, RotateCcw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { VideoObject } from '../api/types.ts'
import styles from './Card.module.css'
import type { CardActions } from './use-card-actions.ts'

export function CardMenu({ id, video, actions }: { id: string; video: VideoObject; actions: CardActions }) {
  const { t } = useTranslation('library')
  const [isOpen, setOpen] = useState(false)
  return (
    <Menu position="bottom-end" width={240} opened={isOpen} onChange={setOpen} withinPortal>
      <Menu.Target>
        <button
          type="button"
          id={`${id}-menu`}
          className={styles.button}
          aria-label={t('card.menu')}
          aria-labelledby={`${id}-menu ${id}-prompt`}
        >
          <EllipsisVertical size={16} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<RotateCcw size={16} aria-hidden />} onClick={() => actions.useAgain(video)}>
          {t('card.useAgain')}
        </Menu.Item>
        <Menu.Item
          leftSection={<Download size={16} aria-hidden />}
          disabled={video.status !== 'completed'}
          onClick={() => actions.download(video)}
        >
          {t('card.download')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item color="red" leftSection={<Trash2 size={16} aria-hidden />} onClick={() => actions.trash(video)}>
          {t('card.delete')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
