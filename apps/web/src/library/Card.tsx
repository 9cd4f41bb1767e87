// One video of the library: picture, prompt, facts, star and menu. A link to the video covers the card; while videos are
// selected it is a checkbox instead, the same element, so that the focus stays.

import { Check, Square, Star } from 'lucide-react'
import { type KeyboardEvent, type MouseEvent, memo, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { VideoObject } from '../api/types.ts'
import { formatSeconds } from '../ui/format.ts'
import styles from './Card.module.css'
import { CardMenu } from './CardMenu.tsx'
import { Picture } from './Picture.tsx'
import type { CardActions } from './use-card-actions.ts'

interface CardProps {
  readonly video: VideoObject
  /** From 0. */
  readonly index: number
  /** Of the whole list; -1 where that is not known. */
  readonly count: number
  readonly isSelecting: boolean
  readonly isSelected: boolean
  readonly actions: CardActions
}

export const Card = memo(function Card({ video, index, count, isSelecting, isSelected, actions }: CardProps) {
  const { t, i18n } = useTranslation('library')
  const [isLively, setLively] = useState(false)
  const id = useId()
  const name = video.prompt || t('card.untitled')
  const clicked = (event: MouseEvent) => {
    if (!isSelecting && !event.shiftKey) return
    event.preventDefault()
    actions.select(video.id, event.shiftKey)
  }
  const pressed = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const key = event.key.toLowerCase()
    if (key === 'x' || (isSelecting && key === ' ')) actions.select(video.id, event.shiftKey)
    else if (key === 'delete') actions.trash(video)
    else return
    event.preventDefault()
  }
  return (
    <li
      className={styles.card}
      data-selected={isSelected || undefined}
      aria-posinset={index + 1}
      aria-setsize={count}
      onPointerEnter={({ pointerType }) => setLively(pointerType === 'mouse')}
      onPointerLeave={() => setLively(false)}
    >
      <Link
        href={`/videos/${video.id}`}
        className={styles.link}
        draggable={false}
        data-card={index}
        aria-labelledby={`${id}-prompt`}
        aria-describedby={`${id}-facts`}
        {...(isSelecting && { role: 'checkbox', 'aria-checked': isSelected })}
        // Before the link's own, which leaves clicks with the shift key to the browser.
        onClickCapture={clicked}
        onKeyDown={pressed}
        onFocus={({ target }) => setLively(target.matches(':focus-visible'))}
        onBlur={() => setLively(false)}
      />
      <div className={styles.picture}>
        <Picture video={video} isLively={isLively} />
      </div>
      <Mark
        isSelecting={isSelecting}
        isSelected={isSelected}
        label={t('card.select')}
        onToggle={(withRange) => actions.select(video.id, withRange)}
      />
      <button
        type="button"
        id={`${id}-star`}
        className={`${styles.button} ${styles.onPicture} ${styles.star} ${video.starred ? '' : styles.quiet}`}
        aria-label={t(video.starred ? 'card.unstar' : 'card.star')}
        aria-labelledby={`${id}-star ${id}-prompt`}
        onClick={() => actions.star(video)}
      >
        <Star size={16} aria-hidden fill={video.starred ? 'currentColor' : 'none'} />
      </button>
      <div className={styles.text}>
        <p id={`${id}-prompt`} className={styles.prompt} translate={video.prompt ? 'no' : 'yes'}>
          {name}
        </p>
        <div className={styles.facts}>
          <span id={`${id}-facts`}>
            {formatSeconds(Number(video.seconds), i18n.language)} · {video.width}×{video.height} · <span translate="no">{video.model}</span>
          </span>
          <CardMenu card={id} label={t('card.menu')} video={video} actions={actions} />
        </div>
      </div>
    </li>
  )
})

interface MarkProps {
  readonly isSelecting: boolean
  readonly isSelected: boolean
  readonly label: string
  readonly onToggle: (withRange: boolean) => void
}

/** For the pointer; on the keyboard it is X, and the link itself says whether it is checked. */
function Mark({ isSelecting, isSelected, label, onToggle }: MarkProps) {
  return (
    <button
      type="button"
      tabIndex={-1}
      className={`${styles.button} ${styles.onPicture} ${styles.mark} ${isSelecting ? '' : styles.quiet}`}
      data-on={isSelected || undefined}
      {...(isSelecting ? { 'aria-hidden': true } : { 'aria-label': label })}
      onClick={({ shiftKey }) => onToggle(shiftKey)}
    >
      {isSelected ? <Check size={18} aria-hidden /> : <Square size={16} aria-hidden />}
    </button>
  )
}
