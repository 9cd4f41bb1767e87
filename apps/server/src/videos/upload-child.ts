// Entry of the process that decodes one upload and says what is in it. It keeps nothing. Its parent (check-upload.ts) gives it a
// path and watches its time and memory; when the parent is gone, its whole group ends with it.

import { writeFile } from 'node:fs/promises'
import { MediaError, readVideo } from 'kinora'

interface Asked {
  readonly path: string
  readonly maxFrames: number
}

/** The decoder's name, and advice for who calls the library. */
const NOT_FOR_USERS = /^[a-z-]+: (?=\S)|: (raise|read a part|ask for)\b.*$/g

process.once('disconnect', () => process.kill(-process.pid, 'SIGKILL'))
process.once('message', ({ path, maxFrames }: Asked) => {
  void look(path, maxFrames).then((answer) => process.send?.(answer))
})

async function look(path: string, maxFrames: number): Promise<object> {
  // Where memory runs out, this one is to end first, and not the service.
  await writeFile('/proc/self/oom_score_adj', '1000').catch(() => {})
  try {
    const { frames, width, height, fps, notes } = await readVideo(path, { maxFrames })
    return { frames: frames.shape[0], width, height, fps, notes }
  } catch (error) {
    if (!(error instanceof MediaError)) return { failure: '' }
    return { failure: error.message.replace(`cannot read ${path}: `, '').replaceAll(path, 'it').replace(NOT_FOR_USERS, '') }
  }
}
