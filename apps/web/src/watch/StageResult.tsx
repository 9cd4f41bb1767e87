// The finished video: player, what it was made from, what is worth knowing, and whatever the page puts below.

import { Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { VideoObject } from '../api/types.ts'
import { BelowScreen } from '../player/Screen.tsx'
import { VideoPlayer } from '../player/VideoPlayer.tsx'
import { Warnings } from './Warnings.tsx'

interface StageResultProps {
  readonly video: VideoObject
  readonly withoutPrompt: boolean
  readonly children: ReactNode
}

export function StageResult({ video, withoutPrompt, children }: StageResultProps) {
  const hasMore = !withoutPrompt || video.warnings.length > 0 || children !== null
  return (
    <Stack gap="sm">
      <VideoPlayer video={video} />
      {hasMore && (
        <BelowScreen width={video.width} height={video.height}>
          <Stack gap="md">
            {!withoutPrompt && (
              <Text lineClamp={3} translate="no">
                {video.prompt}
              </Text>
            )}
            <Warnings warnings={video.warnings} />
            {children}
          </Stack>
        </BelowScreen>
      )}
    </Stack>
  )
}
