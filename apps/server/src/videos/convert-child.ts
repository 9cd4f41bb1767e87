// Entry of the process that writes one video in another form. Its parent (convert.ts) gives it the paths and watches its time and
// memory; when the parent is gone, its whole group ends with it.

import { writeFile } from 'node:fs/promises'
import { readMetadata, readVideo, saveVideo } from 'kinora'

interface Asked {
  readonly from: string
  /** Its extension picks the form. */
  readonly to: string
  readonly fps: number
}

const MOST_FRAMES = 10_000

process.once('disconnect', () => process.kill(-process.pid, 'SIGKILL'))
process.once('message', (asked: Asked) => {
  void convert(asked).then((answer) => process.send?.(answer))
})

async function convert({ from, to, fps }: Asked): Promise<object> {
  // Where memory runs out, this one is to end first, and not the service.
  await writeFile('/proc/self/oom_score_adj', '1000').catch(() => {})
  try {
    const metadata = (await readMetadata(from)) ?? false
    const { frames } = await readVideo(from, { maxFrames: MOST_FRAMES })
    await saveVideo(frames, to, { fps, metadata })
    return { done: true }
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) }
  }
}
