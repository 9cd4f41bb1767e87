// A new password from standard input: at a terminal asked for twice and not shown, else all that comes. Never from an
// argument, which other users of the machine can see.

import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { Failure, UsageError } from './errors.ts'
import { Interrupted } from './interrupt.ts'

/** Of what is no terminal, one line break at the end is not the password's. */
export async function readNewPassword(name: string, signal: AbortSignal): Promise<string> {
  if (!process.stdin.isTTY) return fromPipe(await text(process.stdin), name)
  const password = await ask(`New password of ${name}: `, signal)
  if ((await ask('The same again: ', signal)) === password) return password
  throw new Failure('the two passwords differ: nothing was changed')
}

function fromPipe(input: string, name: string): string {
  const password = input.replace(/\r?\n$/, '')
  if (password === '') throw new UsageError('standard input has no password', `type it at a terminal, or: kinora admin ${name} < FILE`)
  if (!/[\r\n]/.test(password)) return password
  throw new UsageError('standard input has more than one line: it has to be the password alone')
}

async function ask(question: string, signal: AbortSignal): Promise<string> {
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: process.stdin, output: unseen, terminal: true })
  process.stderr.write(question) // now that what is typed is not shown any more
  const left = Promise.withResolvers<never>()
  // The terminal is in raw mode: Ctrl-C is a key here, and no signal.
  terminal.once('SIGINT', () => left.reject(new Interrupted('SIGINT')))
  terminal.once('close', () => left.reject(new Failure('no password was given: nothing was changed')))
  try {
    return await Promise.race([terminal.question('', { signal }), left.promise])
  } finally {
    terminal.close()
    process.stderr.write('\n')
  }
}
