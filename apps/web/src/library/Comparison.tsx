// Two finished videos under one set of controls, and their settings.

import { Paper, Stack, Text } from '@mantine/core'
import { useReducedMotion } from '@mantine/hooks'
import { type KeyboardEvent, type RefObject, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { VideoObject } from '../api/types.ts'
import { contentUrl } from '../api/videos.ts'
import { Controls } from '../player/Controls.tsx'
import { meaningOf } from '../player/keys.ts'
import styles from './Comparison.module.css'
import { reelOf } from './in-step.ts'
import { SettingsTable } from './SettingsTable.tsx'
import { useInStep } from './use-in-step.ts'

/** Of one video only; two have no whole screen. */
const NO_FULL_SCREEN = { possible: false, on: false, toggle: () => {} } as const
const CONTROLS = 'a, button, [role="slider"], [role^="menuitem"]'

export function Comparison({ a, b }: { a: VideoObject; b: VideoObject }) {
  const { t } = useTranslation('library')
  const isCalm = useReducedMotion(false, { getInitialValueInEffect: false })
  const [first, second] = [useRef<HTMLVideoElement>(null), useRef<HTMLVideoElement>(null)]
  const playback = useInStep({ element: first, reel: reelOf(a) }, { element: second, reel: reelOf(b) }, !isCalm)
  const pressed = (event: KeyboardEvent) => {
    const meaning = meaningOf(event, event.target instanceof Element && event.target.closest(CONTROLS) !== null)
    if (!meaning) return
    event.preventDefault()
    if (meaning === 'toggle') playback.toggle()
    else if (meaning === 'back' || meaning === 'forward') playback.step(meaning === 'back' ? -1 : 1)
    else playback.show(meaning === 'first' ? 0 : playback.count - 1)
  }
  return (
    <Stack gap="xl">
      <section aria-label={t('compare.player')} onKeyDown={pressed} className={styles.player}>
        <div className={styles.sides}>
          <Side video={a} element={first} name={t('compare.first')} />
          <Side video={b} element={second} name={t('compare.second')} />
        </div>
        <Paper withBorder p="sm" className={styles.controls}>
          <Controls playback={playback} count={playback.count} fullScreen={NO_FULL_SCREEN} />
        </Paper>
      </section>
      <SettingsTable a={a} b={b} />
    </Stack>
  )
}

function Side({ video, element, name }: { video: VideoObject; element: RefObject<HTMLVideoElement | null>; name: string }) {
  return (
    <figure className={styles.side}>
      <video
        key={video.id}
        ref={element}
        src={contentUrl(video.id)}
        muted
        playsInline
        preload="auto"
        disablePictureInPicture
        aria-label={name}
        width={video.width}
        height={video.height}
      />
      <figcaption>
        <Text size="xs" c="dimmed">
          {name}
        </Text>
        <Text component={Link} href={`/videos/${video.id}`} size="sm" translate="no" className={styles.prompt}>
          {video.prompt || video.id}
        </Text>
      </figcaption>
    </figure>
  )
}
