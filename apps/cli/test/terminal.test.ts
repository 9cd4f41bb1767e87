// At a terminal: one bar that is redrawn in place, and a real Ctrl-C, which reaches the whole process
// group. The terminal is made by util-linux's `script`.

import { spawn, spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { contents, emptyFolder, MS, PROGRAM } from './support/cli.ts'

const SCRIPT = 'script'
const hasTerminal = process.platform === 'linux' && spawnSync(SCRIPT, ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux')

/** Runs the program in a terminal and types Ctrl-C once the screen shows `until`. */
async function inTerminal(args: readonly string[], cwd: string, until?: string): Promise<{ code: number | null; screen: string }> {
  const command = [process.execPath, ...PROGRAM, ...args].map((word) => `'${word}'`).join(' ')
  const child = spawn(SCRIPT, ['-qec', command, '/dev/null'], {
    cwd,
    env: { ...process.env, TERM: 'xterm' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let screen = ''
  let typed = false
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text
    if (until === undefined || typed || !screen.includes(until)) return
    typed = true
    child.stdin.write('\x03')
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return { code, screen }
}

describe.skipIf(!hasTerminal)('terminal (needs util-linux script)', () => {
  const args = ['generate', 'a cat', '-m', MS, '--frames', '4', '-o', 'a.safetensors']

  test('one bar shows phase, step, total, pace and time left', async () => {
    const cwd = emptyFolder()
    const { code, screen } = await inTerminal([...args, '--steps', '40'], cwd)
    expect(code).toBe(0)
    expect(screen).toMatch(/denoising +█*░* \d+\/40 {2}[\d.]+ s\/step, [\d.]+ s left/)
    expect(screen).toContain('decoding')
    expect(screen).toMatch(/\r\na\.safetensors\r\ndone in/)
  })

  test('Ctrl-C', async () => {
    const cwd = emptyFolder()
    const { code, screen } = await inTerminal([...args, '--steps', '900'], cwd, 'denoising')
    expect(code).toBe(130)
    expect(screen).toMatch(/kinora: interrupted\r\n$/)
    expect(contents(cwd)).toEqual([])
  })
})
