import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { batched } from './batched.ts'

test('who asks while a query runs is answered by the next one', async () => {
  const asked: string[][] = []
  let value = 0
  let answer = Promise.withResolvers<void>()
  const read = batched(async (keys) => {
    asked.push([...keys])
    const found = new Map(keys.filter((key) => key !== 'none').map((key) => [key, `${key}${value}`]))
    await answer.promise
    return found
  })
  const first = [read('a'), read('b'), read('a'), read('none')]
  await turn()
  value = 1
  const second = [read('a'), read('c')]
  await turn()
  expect(asked).toEqual([['a', 'b', 'none']])
  answer.resolve()
  expect(await Promise.all(first)).toEqual(['a0', 'b0', 'a0', undefined])
  expect(await Promise.all(second)).toEqual(['a1', 'c1'])
  expect(asked).toEqual([
    ['a', 'b', 'none'],
    ['a', 'c'],
  ])
  answer = Promise.withResolvers()
  const failed = read('a')
  await turn()
  answer.reject(new Error('lost'))
  await expect(failed).rejects.toThrow('lost')
  answer = Promise.withResolvers()
  answer.resolve()
  expect(await read('a')).toBe('a1')
})
