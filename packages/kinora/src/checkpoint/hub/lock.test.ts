// When a lock is waited for, and when it is taken away from a process that is gone.

import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { isAnyLocked, LOCK_EXTENSION, withLock } from './lock.node.ts'

const TEMP = mkdtempSync(path.join(tmpdir(), 'kinora-lock-'))
afterAll(() => rmSync(TEMP, { recursive: true, force: true }))

const newFile = () => path.join(mkdtempSync(path.join(TEMP, 'folder-')), `content${LOCK_EXTENSION}`)
const isLocked = (file: string) => isAnyLocked(path.dirname(file))

/** A lock that another process left, last renewed so many seconds ago. */
function left(content: string, seconds: number): string {
  const file = newFile()
  writeFileSync(file, content)
  const renewed = Date.now() / 1000 - seconds
  utimesSync(file, renewed, renewed)
  return file
}

/** Whether the lock could be had within the time. */
async function canHave(file: string, ms: number): Promise<boolean> {
  const signal = AbortSignal.timeout(ms)
  return withLock(file, { signal, onWait: () => {} }, async () => true).catch((error: unknown) => {
    expect(error).toBe(signal.reason)
    return false
  })
}

const ELSEWHERE = JSON.stringify({ id: 'a', pid: 1, machine: 'another machine' })
/** What this process writes, with another number in place of its own. */
async function ofProcess(pid: number): Promise<string> {
  const file = newFile()
  return withLock(file, { signal: undefined, onWait: () => {} }, async () =>
    JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), pid }),
  )
}

it('lets one in at a time, and goes away', async () => {
  const file = newFile()
  let inside = 0
  let waits = 0
  const work = async () => {
    inside += 1
    expect(inside).toBe(1)
    expect(await isLocked(file)).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 20))
    inside -= 1
  }
  await Promise.all([1, 2, 3].map(() => withLock(file, { signal: undefined, onWait: () => void waits++ }, work)))
  expect(waits).toBeGreaterThan(0)
  expect(existsSync(file)).toBe(false)
  await expect(withLock(file, { signal: undefined, onWait: () => {} }, async () => Promise.reject(new Error('failed')))).rejects.toThrow(
    'failed',
  )
  expect(await isLocked(file)).toBe(false)
})

it('waits for those who live, and for those of whom nothing is known', async () => {
  const files = [left(ELSEWHERE, 30), left(await ofProcess(process.pid), 30), left('', 0)]
  for (const file of files) expect(await canHave(file, 50)).toBe(false)
  expect(await Promise.all(files.map(isLocked))).toEqual([true, true, false])
})

it('does not wait for the dead', async () => {
  const files = [left(ELSEWHERE, 120), left(await ofProcess(2 ** 30), 0), left('', 5), left('{"id": 1}', 5), left('not JSON', 5)]
  for (const file of files) {
    expect(await isLocked(file)).toBe(false)
    expect(await canHave(file, 2000)).toBe(true)
    expect(existsSync(file)).toBe(false)
  }
})
