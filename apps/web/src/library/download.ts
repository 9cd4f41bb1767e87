// Several videos into the downloads folder.

import type { VideoObject } from '../api/types.ts'
import { contentUrl } from '../api/videos.ts'
import { fileName } from '../result/file-name.ts'

/** Browsers leave out downloads that begin at the same time. */
const BETWEEN_MS = 300

/** One after the other; those that are finished. */
export async function downloadVideos(videos: readonly VideoObject[]): Promise<void> {
  for (const [index, video] of videos.filter(({ status }) => status === 'completed').entries()) {
    if (index > 0) await new Promise((resolve) => void setTimeout(resolve, BETWEEN_MS))
    const link = document.createElement('a')
    link.href = contentUrl(video.id)
    link.download = fileName(video, 'mp4')
    link.click()
  }
}
