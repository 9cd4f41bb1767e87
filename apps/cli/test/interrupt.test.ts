// Ctrl-C at any moment: the program ends at once with 130, and leaves neither files nor processes.

import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { contents, emptyFolder, events, MS, start } from './support/cli.ts'

const LONG = ['generate', 'a cat', '-m', MS, '--steps', '300', '--frames', '8', '-o', 'a.mp4']

function children(parent: number): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
  const pairs = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  return pairs.filter(([, ppid]) => ppid === parent).map(([pid]) => pid!)
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('interrupt', () => {
  test.each([
    ['SIGINT', 'encoding prompt', 130, 'interrupted'],
    ['SIGINT', 'loading', 130, 'interrupted'],
    ['SIGINT', 'denoising  30/300', 130, 'interrupted'],
    ['SIGTERM', 'denoising  0/300', 143, 'ended by SIGTERM'],
  ] as const)('%s at "%s"', async (signal, moment, code, words) => {
    const cwd = emptyFolder()
    const running = start(LONG, { cwd })
    await running.says(`\n${moment}`)
    const engines = children(running.process.pid!)
    const sent = performance.now()
    running.process.kill(signal)
    const ended = await running.ended
    expect(performance.now() - sent).toBeLessThan(2000)
    expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(`kinora: ${words}\n`) as string })
    if (moment !== 'encoding prompt') expect(engines).toHaveLength(1) // it starts then
    expect(engines.filter(isRunning)).toEqual([])
    expect(contents(cwd)).toEqual([])
  })

  test('while videos are written: finished files stay, unfinished ones do not', async () => {
    const cwd = emptyFolder()
    const args = ['generate', 'a cat', '-m', MS, '--steps', '1', '--frames', '60', '-o', 'a.safetensors', '-o', 'a.webm', '--json']
    const running = start(args, { cwd })
    let seen = ''
    const saved = new Promise<void>((resolve) => {
      running.process.stdout.on('data', (text: string) => {
        seen += text
        if (seen.includes('"saved"')) resolve()
      })
    })
    await saved
    running.process.kill('SIGINT')
    const { code, stdout } = await running.ended
    expect(code).toBe(130)
    expect(events(stdout).at(-1)).toEqual({ event: 'error', message: 'interrupted', exitCode: 130 })
    expect(contents(cwd)).toEqual(['a.safetensors'])
  })
})
