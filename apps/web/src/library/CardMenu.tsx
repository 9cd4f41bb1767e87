// What can be done with one video. Until it is first asked for, it is a button alone: a long list has many of them, and they
// come and go while it is scrolled.

import { Menu } from '@mantine/core'
import { Download, EllipsisVertical, RotateCcw, Trash2 } from 'lucide-react'
import { type ComponentPropsWithRef, useLayoutEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { VideoObject } from '../api/types.ts'
import styles from './Card.module.css'
import type { CardActions } from './use-card-actions.ts'

interface CardMenuProps {
  /** With which the ids of the card's elements begin: the button's is `CARD-menu`, the prompt's `CARD-prompt`. */
  readonly card: string
  readonly label: string
  readonly video: VideoObject
  readonly actions: CardActions
}

export function CardMenu({ card, label, video, actions }: CardMenuProps) {
  const [isMade, setMade] = useState(false)
  if (isMade) return <Made card={card} label={label} video={video} actions={actions} />
  return <MenuButton card={card} label={label} aria-haspopup="menu" aria-expanded={false} onClick={() => setMade(true)} />
}

function Made({ card, label, video, actions }: CardMenuProps) {
  const { t } = useTranslation('library')
  const [isOpen, setOpen] = useState(false)
  // The button that was pressed is another one now. It has the focus before the menu opens, so that it gets it back.
  useLayoutEffect(() => {
    document.getElementById(`${card}-menu`)?.focus()
    setOpen(true)
  }, [card])
  return (
    <Menu position="bottom-end" width={240} opened={isOpen} onChange={setOpen}>
      <Menu.Target>
        <MenuButton card={card} label={label} />
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

/** What the menu gives its target goes to the button; its id stays the card's. */
function MenuButton({ card, label, ...others }: { card: string; label: string } & ComponentPropsWithRef<'button'>) {
  return (
    <button
      type="button"
      {...others}
      id={`${card}-menu`}
      className={styles.button}
      aria-label={label}
      aria-labelledby={`${card}-menu ${card}-prompt`}
    >
      <EllipsisVertical size={16} aria-hidden />
    </button>
  )
}
