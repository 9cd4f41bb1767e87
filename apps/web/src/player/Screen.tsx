// The place where a video is shown or will be, so that nothing moves when it comes, and what stands below it, as wide.

import type { CSSProperties, ReactNode } from 'react'
import styles from './Screen.module.css'

interface ScreenProps {
  /** Pixels. */
  readonly width: number
  readonly height: number
  readonly children?: ReactNode
}

export function Screen({ width, height, children }: ScreenProps) {
  return (
    <div className={styles.screen} style={shapeOf(width, height)}>
      {children}
    </div>
  )
}

export function BelowScreen({ width, height, children }: ScreenProps) {
  return (
    <div className={styles.below} style={shapeOf(width, height)}>
      {children}
    </div>
  )
}

function shapeOf(width: number, height: number): CSSProperties {
  return { '--video-width': width, '--video-ratio': width / height } as CSSProperties
}
