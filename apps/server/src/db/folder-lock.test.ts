// The lock of a data folder, between real processes.

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { lockFolder } from './folder-lock.ts'

const CHILD = fileURLToPath(new URL('../../test/support/lock-child.ts', import.meta.url))

interface Child {
  readonly process: ChildProcessByStdio<Writable, Readable, null>
  /** What it says first. */
  readonly answer: Promise<string>
  readonly ended: Promise<void>
}

const folders: string[] = []
const children = new Set<Child>()
afterAll(async () => {
  for (const child of children) child.process.kill('SIGKILL')
  await Promise.all([...children].map(({ ended }) => ended))
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function emptyFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'kinora-lock-'))
  folders.push(folder)
  return folder
}

function start(folder: string): Child {
  const child = spawn(process.execPath, ['--conditions=kinora-dev', CHILD, folder], { stdio: ['pipe', 'pipe', 'inherit'] })
  const answer = new Promise<string>((resolve) => {
    child.stdout.setEncoding('utf8').once('data', resolve)
  })
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
  })
  const started = { process: child, answer, ended }
  children.add(started)
  return started
}

test('a second process is told who has the folder, and gets it when the first ends', async () => {
  const folder = emptyFolder()
  const first = start(folder)
  expect(await first.answer).toBe('held\n')
  const refusal = (pid: number) => `the data folder ${folder} is in use by process ${pid}: stop it, or name another folder with --data`
  expect(await start(folder).answer).toBe(`${refusal(first.process.pid!)}\n`)
  await expect(lockFolder(folder)).rejects.toMatchObject({ name: 'ServerError', code: 'data_in_use', message: refusal(first.process.pid!) })
  first.process.stdin.end()
  await first.ended
  expect(existsSync(path.join(folder, 'kinora.pid'))).toBe(false)
  const second = start(folder)
  expect(await second.answer).toBe('held\n')
})

test('a holder that is killed holds nothing any more', async () => {
  const folder = emptyFolder()
  const first = start(folder)
  expect(await first.answer).toBe('held\n')
  first.process.kill('SIGKILL')
  await first.ended
  const unlock = await lockFolder(folder)
  expect(await start(folder).answer).toContain(`in use by process ${process.pid}`)
  await unlock()
})

test('of several that start at once exactly one gets it, also after one was killed', async () => {
  const folder = emptyFolder()
  for (let round = 0; round < 2; round++) {
    const racers = Array.from({ length: 4 }, () => start(folder))
    const answers = await Promise.all(racers.map(({ answer }) => answer))
    expect(answers.filter((answer) => answer === 'held\n')).toHaveLength(1)
    for (const racer of racers) racer.process.kill('SIGKILL')
    await Promise.all(racers.map(({ ended }) => ended))
  }
})

test('within a process as well; giving it back twice gives back only what one has', async () => {
  const folder = emptyFolder()
  const unlock = await lockFolder(folder)
  await expect(lockFolder(folder)).rejects.toThrow('in use by this process itself')
  await unlock()
  const again = await lockFolder(folder)
  await unlock()
  await expect(lockFolder(folder)).rejects.toThrow('in use by this process itself')
  await again()
  expect(readdirSync(folder)).toEqual(['kinora.lock'])
})
