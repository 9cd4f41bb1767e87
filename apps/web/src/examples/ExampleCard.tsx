// One example: a picture that moves when it is pointed at, and its prompt. The whole card is one button.

import { Text, UnstyledButton } from '@mantine/core'
import { memo } from 'react'
import { addressOf } from '../base.ts'
import styles from './ExampleCard.module.css'
import type { Example } from './examples.ts'
import { usePreview } from './use-preview.ts'

export const ExampleCard = memo(function ExampleCard({ example, onPick }: { example: Example; onPick: (example: Example) => void }) {
  const { frame, video } = usePreview()
  const { prompt, width, height } = example.settings
  return (
    <UnstyledButton className={styles.card} onClick={() => onPick(example)} {...frame}>
      <video
        {...video}
        className={styles.video}
        src={addressOf(example.video)}
        poster={addressOf(example.poster)}
        width={width}
        height={height}
        preload="none"
        muted
        playsInline
        disablePictureInPicture
        tabIndex={-1}
        aria-hidden
      />
      <Text component="span" className={styles.prompt} fz="sm" lh={1.4} lang="en" translate="no">
        {prompt}
      </Text>
    </UnstyledButton>
  )
})
