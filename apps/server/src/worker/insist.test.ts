import { pino } from 'pino'
import { expect, test } from 'vitest'
import { insist } from './insist.ts'

const log = pino({ level: 'silent' })
const coded = (code: string) => new Error('the query failed', { cause: Object.assign(new Error('said'), { code }) })

/** Fails with these, one after the other, then answers. */
function failing(...errors: Error[]): { work: () => Promise<string>; tries: () => number } {
  let tries = 0
  return {
    tries: () => tries,
    work: () => {
      const error = errors[tries++]
      return error ? Promise.reject(error) : Promise.resolve('told')
    },
  }
}

test('what got no answer is told again, what was refused is not', async () => {
  const leaving = new AbortController().signal
  const { work, tries } = failing(coded('ECONNREFUSED'), coded('57P01'))
  expect(await insist(work, { log, leaving })).toBe('told')
  expect(tries()).toBe(3)
  const refused = failing(coded('23505'))
  await expect(insist(refused.work, { log, leaving })).rejects.toThrow('the query failed')
  expect(refused.tries()).toBe(1)
})

test('who is to end tries a few times more', async () => {
  const leaving = AbortSignal.abort()
  const { work, tries } = failing(...Array.from({ length: 100 }, () => coded('ECONNREFUSED')))
  await expect(insist(work, { log, leaving })).rejects.toThrow('the query failed')
  expect(tries()).toBe(5)
})

test('what matters no more ends at once', async () => {
  const signal = AbortSignal.abort(new Error('cancelled'))
  const { work, tries } = failing(coded('ECONNREFUSED'), coded('ECONNREFUSED'))
  await expect(insist(work, { log, leaving: new AbortController().signal, signal })).rejects.toThrow('cancelled')
  expect(tries()).toBe(1)
})
