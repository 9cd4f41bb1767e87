// A finished video: plays at once, without sound, in a loop; can be stopped, stepped through frame by frame, slowed down and
// shown on the whole screen. For who asked for little motion it waits to be started.

import { Button, Stack, Text } from '@mantine/core'
import { useReducedMotion } from '@mantine/hooks'
import { VideoOff } from 'lucide-react'
import { type KeyboardEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { VideoObject } from '../api/types.ts'
import { contentUrl } from '../api/videos.ts'
import { Controls } from './Controls.tsx'
import { frameCount } from './frames.ts'
import { meaningOf } from './keys.ts'
import { BelowScreen, Screen } from './Screen.tsx'
import { useFullScreen } from './use-full-screen.ts'
import { usePlayback } from './use-playback.ts'
import styles from './VideoPlayer.module.css'

const CONTROLS = 'button, [role="slider"], [role^="menuitem"]'

export function VideoPlayer({ video }: { video: VideoObject }) {
  const [failed, setFailed] = useState<string>()
  if (failed !== video.id) return <Player key={video.id} video={video} onFailed={() => setFailed(video.id)} />
  return (
    <Screen width={video.width} height={video.height}>
      <Failed onRetry={() => setFailed(undefined)} />
    </Screen>
  )
}

function Player({ video, onFailed }: { video: VideoObject; onFailed: () => void }) {
  const { t } = useTranslation('player')
  const isStill = useReducedMotion(undefined, { getInitialValueInEffect: false })
  const whole = useRef<HTMLElement>(null)
  const element = useRef<HTMLVideoElement>(null)
  const count = frameCount(video)
  const playback = usePlayback(element, video.fps, count)
  const fullScreen = useFullScreen(whole, element)

  function press(event: KeyboardEvent): void {
    const meaning = meaningOf(event, event.target instanceof Element && event.target.closest(CONTROLS) !== null)
    if (!meaning) return
    event.preventDefault()
    if (meaning === 'toggle') playback.toggle()
    else if (meaning === 'back' || meaning === 'forward') playback.step(meaning === 'back' ? -1 : 1)
    else playback.show(meaning === 'first' ? 0 : count - 1)
  }

  const size = { width: video.width, height: video.height }
  return (
    <section ref={whole} className={styles.player} aria-label={t('player')} onKeyDown={press}>
      <Screen {...size}>
        <video
          ref={element}
          className={styles.video}
          src={contentUrl(video.id)}
          autoPlay={!isStill}
          loop
          muted
          playsInline
          preload="auto"
          disablePictureInPicture
          tabIndex={0}
          aria-label={t('name', { prompt: video.prompt ?? '' })}
          aria-description={t('keys')}
          onClick={playback.toggle}
          onError={onFailed}
        />
      </Screen>
      <BelowScreen {...size}>
        <Controls playback={playback} count={count} fullScreen={fullScreen} />
      </BelowScreen>
    </section>
  )
}

function Failed({ onRetry }: { onRetry: () => void }) {
  const { t } = useTranslation('player')
  const { t: common } = useTranslation()
  return (
    <Stack h="100%" align="center" justify="center" gap="xs" p="md" role="alert">
      <VideoOff size={28} aria-hidden />
      <Text ta="center">{t('failed')}</Text>
      <Button size="xs" variant="default" onClick={onRetry}>
        {common('retry')}
      </Button>
    </Stack>
  )
}
