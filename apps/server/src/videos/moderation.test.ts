import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { configSchema } from '../config/config.ts'
import { forbiddenWord, moderate } from './moderation.ts'

test.each([
  ['A GUN on the table', ['gun'], 'gun'],
  ['gunman', ['gun'], undefined],
  ['gun', ['gunman'], undefined],
  ['machine  gun!', ['machine gun'], 'machine gun'],
  ['un café noir', ['CAFE'], 'CAFE'],
  ['un cafe noir', ['Café'], 'Café'],
  ['ｇｕｎ', ['gun'], 'gun'],
  ['g\u200bun', ['gun'], 'gun'],
  ['他拿着枪跑', ['枪'], '枪'],
  ['a-gun-b', ['gun'], 'gun'],
  ['anything', ['!!!'], undefined],
  ['a.b', ['a+b'], 'a+b'],
])('%s with %o', (text, words, found) => {
  expect(forbiddenWord(text, words)).toBe(found)
})

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

/** A service that answers so; what it was asked is in `asked`. */
async function listen(status: number, body: string, delay = 0) {
  const asked: unknown[] = []
  server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      asked.push(JSON.parse(text))
      setTimeout(() => response.writeHead(status, status === 302 ? { location: '/' } : {}).end(body), delay)
    })
  })
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return { asked, url }
}

const ASKED = { prompt: 'a panda', negative_prompt: '', model: 'demo', user: 'ann' }
const configOf = (moderation: object) => configSchema.parse({ moderation })

test('the service is asked, and refuses with its reason in one line', async () => {
  const { asked, url } = await listen(200, JSON.stringify({ allowed: false, reason: 'no\n\u001b[31mpandas' }))
  await expect(moderate(ASKED, configOf({ url }))).rejects.toMatchObject({
    status: 400,
    code: 'content_policy_violation',
    param: 'prompt',
    message: 'the prompt is not allowed here: no [31mpandas',
  })
  expect(asked).toEqual([ASKED])
})

test('it allows', async () => {
  const { url } = await listen(200, '{"allowed":true}')
  await expect(moderate(ASKED, configOf({ url }))).resolves.toBeUndefined()
})

test.each([
  ['an error', 500, '{"allowed":true}', 0],
  ['a redirection', 302, '', 0],
  ['no JSON', 200, 'yes', 0],
  ['another JSON', 200, '{"ok":true}', 0],
  ['an endless answer', 200, 'x'.repeat(100_000), 0],
  ['silence', 200, '{"allowed":true}', 1500],
])('%s is no answer: refused, or allowed where that is set', async (_, status, body, delay) => {
  const { url } = await listen(status, body, delay)
  await expect(moderate(ASKED, configOf({ url, seconds: 1 }))).rejects.toMatchObject({ status: 503, code: 'moderation_unavailable' })
  await expect(moderate(ASKED, configOf({ url, seconds: 1, failOpen: true }))).resolves.toBeUndefined()
})

test('words are looked for first', async () => {
  const { asked, url } = await listen(200, '{"allowed":true}')
  await expect(moderate(ASKED, configOf({ url, words: ['panda'] }))).rejects.toMatchObject({ code: 'content_policy_violation' })
  expect(asked).toEqual([])
})
