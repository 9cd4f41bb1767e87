// How `kinora admin` takes a password: by a pipe, and at a terminal, which util-linux's `script` makes. What becomes of it is the
// service's to test (apps/server/src/admin.test.ts), and whole in deploy/test/install.deploy.ts.

import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { COMPILED, emptyFolder, PROGRAM } from './support/cli.ts'

const ENV = { ...process.env, NODE_COMPILE_CACHE: COMPILED, TERM: 'xterm' }
const SCRIPT = 'script'
const hasTerminal = process.platform === 'linux' && spawnSync(SCRIPT, ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux')

async function admin(data: string, input: string) {
  const child = spawn(process.execPath, [...PROGRAM, 'admin', 'ann', '--data', data], { env: ENV, stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  child.stdin.end(input)
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  return { code, stdout, stderr }
}

/** Types the answers one after the other, each when the program asks. */
async function atTerminal(data: string, answers: readonly string[]): Promise<{ code: number | null; screen: string }> {
  const command = [process.execPath, ...PROGRAM, 'admin', 'ann', '--data', data].map((word) => `'${word}'`).join(' ')
  const child = spawn(SCRIPT, ['-qec', command, '/dev/null'], {
    env: ENV,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const questions = ['New password of ann: ', 'The same again: ']
  let [screen, typed] = ['', 0]
  child.stdout.setEncoding('utf8').on('data', (words: string) => {
    screen += words
    while (typed < answers.length && screen.includes(questions[typed]!)) child.stdin.write(answers[typed++]!)
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, screen }
}

test.each([
  ['', 2, 'standard input has no password'],
  ['one\ntwo\n', 2, 'more than one line'],
])('%j is no password', async (input, code, words) => {
  const data = join(emptyFolder(), 'data')
  const ended = await admin(data, input)
  expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(words)])
  expect(existsSync(data)).toBe(false)
})

describe.skipIf(!hasTerminal)('terminal (needs util-linux script)', () => {
  test.each([
    ['two that differ', ['a long password\r', 'another password\r'], 1, 'the two passwords differ: nothing was changed'],
    ['Ctrl-C', ['half a pass\x03'], 130, 'kinora: interrupted'],
    ['the end of input', ['\x04'], 1, 'no password was given: nothing was changed'],
  ])('%s: nothing is changed', async (_, answers, code, words) => {
    const data = join(emptyFolder(), 'data')
    const ended = await atTerminal(data, answers)
    expect([ended.code, ended.screen]).toEqual([code, expect.stringContaining(words)])
    for (const answer of answers) expect(ended.screen).not.toContain(answer.slice(0, 5))
    expect(existsSync(data)).toBe(false)
  })
})
