// A program that is started again whenever it has ended, as a machine's supervisor does, and that can be killed at any moment, its
// start included.

import { setTimeout as wait } from 'node:timers/promises'
import { type Spawned, spawnKinora } from '../processes.ts'

export interface Slot {
  readonly name: string
  /** Of the server that listens now. */
  readonly url: () => string | undefined
  /** kill -9; false when nothing runs. */
  readonly kill: () => boolean
  /** Asks it to end, as an administrator does, and does not start it again. */
  readonly stop: () => Promise<void>
}

interface SlotOptions {
  readonly name: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  /** Is told what should not have been. */
  readonly violate: (sentence: string) => void
}

const LONGEST_PAUSE_MS = 1500

export function keepRunning({ name, args, env, violate }: SlotOptions): Slot {
  let [stopping, killed] = [false, false]
  let url: string | undefined
  let current: Spawned | undefined
  const run = async () => {
    while (!stopping) {
      killed = false
      current = spawnKinora({ args, env })
      current.says(/^Kinora listens at (http:\S+)/m).then(
        (match) => {
          url = match[1]
        },
        () => {},
      )
      const { code, stderr } = await current.ended
      url = current = undefined
      if (!killed && (code !== 0 || !stopping)) violate(`${name} ended by itself with ${code}: ${stderr.slice(-500)}`)
      if (!stopping) await wait(Math.random() * LONGEST_PAUSE_MS)
    }
  }
  const running = run()
  return {
    name,
    url: () => url,
    kill: () => {
      if (!current || killed || stopping) return false
      killed = true
      return current.process.kill('SIGKILL')
    },
    stop: async () => {
      stopping = true
      current?.process.kill('SIGTERM')
      await running
    },
  }
}
