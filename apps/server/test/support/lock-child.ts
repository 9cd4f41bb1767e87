// Takes the lock of the folder that it is given and keeps it until its standard input ends.

import { lockFolder } from '../../src/db/folder-lock.ts'

try {
  const unlock = await lockFolder(process.argv[2]!)
  process.stdout.write('held\n')
  process.stdin.resume().once('end', () => void unlock())
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`)
}
