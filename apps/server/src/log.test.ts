import { stripVTControlCharacters } from 'node:util'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { prettyLine } from './log.ts'

/** As a person sees it, after the clock. */
function shown(say: (log: pino.Logger) => void): string {
  let text = ''
  say(pino({ level: 'trace' }, { write: (line) => (text += prettyLine(line)) }))
  return text.replaceAll(/^[^ ]*\d\d:\d\d:\d\d /gm, '')
}

test('one line for people: level, words, fields', () => {
  const line = shown((log) => log.info({ status: 200, route: '/v1/videos', user: 'a b' }, 'request'))
  expect(stripVTControlCharacters(line)).toBe('info  request  status=200  route=/v1/videos  user="a b"\n')
})

test('an error brings its message, from level error on where it came from as well', () => {
  const line = (level: 'warn' | 'error') => shown((log) => log[level]({ err: new Error('full disk') }, 'not stored'))
  expect(line('warn')).toMatch(/not stored {2}full disk\n$/)
  expect(line('error')).toMatch(/not stored {2}.*full disk\n +at /)
})

test('nothing that is said reaches the terminal as a command', () => {
  const line = shown((log) => log.warn({ name: '\u001b[2J \u009b2J' }, 'from \u001b]0;title\u0007\n12:00:00 info all is well'))
  expect(stripVTControlCharacters(line)).toBe(
    'warn  from \\u001b]0;title\\u0007\\u000a12:00:00 info all is well  name="\\u001b[2J \\u009b2J"\n',
  )
})
