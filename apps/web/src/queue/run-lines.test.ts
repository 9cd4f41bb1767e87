import { expect, test } from 'vitest'
import { ApiError } from '../api/client.ts'
import { type Progress, runLines } from './run-lines.ts'

const refusal = (status: number, code: string) => new ApiError(code, { status, code, retryAfter: 1 })
const LINES = ['a', 'b', 'c', 'd']

/** Sends lines to `answer`, which throws what refuses them; gives the end, the lines that were sent and their keys. */
async function run(answer: (line: string, nth: number, stop: () => void) => void) {
  const stop = new AbortController()
  const sent: string[] = []
  const keys: string[] = []
  const seen: Progress[] = []
  const end = await runLines(LINES, {
    signal: stop.signal,
    onProgress: (progress) => void seen.push(progress),
    pause: async () => {},
    send: async (line, index, key) => {
      expect(LINES[index]).toBe(line)
      sent.push(line)
      keys.push(key)
      answer(line, sent.filter((one) => one === line).length, () => stop.abort())
    },
  })
  expect(seen.at(-1)).toEqual(end)
  return { end, sent: sent.join(''), keys, seen }
}

test('all are queued in their order, each under a key of its own', async () => {
  const { end, sent, keys, seen } = await run(() => {})
  expect(end).toEqual({ total: 4, queued: 4, failures: [], left: [] })
  expect(sent).toBe('abcd')
  expect(new Set(keys).size).toBe(4)
  expect(seen.map(({ queued }) => queued)).toEqual([1, 2, 3, 4, 4])
})

test('what is refused for its own sake does not keep the others', async () => {
  const error = refusal(422, 'content_policy_violation')
  const { end, sent } = await run((line) => {
    if (line === 'b') throw error
  })
  expect(end).toEqual({ total: 4, queued: 3, failures: [{ line: 'b', error }], left: [] })
  expect(sent).toBe('abcd')
})

test('where there is no room it ends, and the rest is left', async () => {
  const error = refusal(429, 'quota_queued')
  const { end, sent } = await run((line) => {
    if (line === 'c') throw error
  })
  expect(end).toEqual({ total: 4, queued: 2, failures: [], left: ['c', 'd'], endedBy: error })
  expect(sent).toBe('abc')
})

test('a rate limit is waited for, with the same key', async () => {
  const { end, sent, keys } = await run((line, nth) => {
    if (line === 'b' && nth < 6) throw refusal(429, 'rate_limit_exceeded')
  })
  expect(end.queued).toBe(4)
  expect(sent).toBe('abbbbbbcd')
  expect(new Set(keys).size).toBe(4)
})

test('a service that is not reached is tried three times', async () => {
  const { end, sent } = await run((line) => {
    if (line === 'b') throw refusal(0, 'unreachable')
  })
  expect(sent).toBe('abbb')
  expect(end).toMatchObject({ queued: 1, left: ['b', 'c', 'd'], endedBy: { code: 'unreachable' } })
})

test('stopped midway it ends behind the line that was under way', async () => {
  const { end, sent } = await run((line, _nth, stop) => {
    if (line === 'b') stop()
  })
  expect(sent).toBe('ab')
  expect(end).toEqual({ total: 4, queued: 2, failures: [], left: ['c', 'd'] })
})

test('stopped while it waits, the line is left', async () => {
  const { end } = await run((line, _nth, stop) => {
    if (line !== 'b') return
    stop()
    throw refusal(429, 'rate_limit_exceeded')
  })
  expect(end).toEqual({ total: 4, queued: 1, failures: [], left: ['b', 'c', 'd'] })
})
