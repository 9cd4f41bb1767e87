// A process and all that it started, as Linux lists them under /proc: how much memory they hold together, and their end.
// Elsewhere only the process itself and its group are known, and no memory.

import { readdir, readFile } from 'node:fs/promises'

/** The process and its descendants that live. */
export async function processTree(pid: number): Promise<number[]> {
  const found = [pid]
  for (const parent of found) {
    for (const thread of await readdir(`/proc/${parent}/task`).catch(() => [])) {
      const children = await readFile(`/proc/${parent}/task/${thread}/children`, 'utf8').catch(() => '')
      for (const child of children.split(' ').filter(Boolean)) if (!found.includes(Number(child))) found.push(Number(child))
    }
  }
  return found
}

/** Bytes of memory that they hold together; what they share counts for each. */
export async function residentBytes(pids: readonly number[]): Promise<number> {
  const sizes = await Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024
    }),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** Ends the process, which leads a group of its own, with everything that it started. */
export async function endTree(pid: number): Promise<void> {
  const all = await processTree(pid)
  for (const target of [-pid, ...all]) {
    try {
      process.kill(target, 'SIGKILL')
    } catch {
      // It has ended already.
    }
  }
}
