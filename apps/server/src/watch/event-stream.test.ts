// Streams of events over real connections: to a client that reads, and to one that does not.

import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import type { WatchEvent } from './event.ts'
import { type EventStream, openEventStream } from './event-stream.ts'

let server: Server
let closed = 0

afterEach(() => {
  server.closeAllConnections()
  server.close()
})

/** The stream that is opened for a client. */
async function openFor(ask: (port: number) => void): Promise<EventStream> {
  closed = 0
  const opened = Promise.withResolvers<EventStream>()
  server = createServer((_request, response) => {
    response.socket!.setNoDelay(true)
    opened.resolve(openEventStream(response, { 'x-test': '1' }, () => closed++))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ask((server.address() as AddressInfo).port)
  return opened.promise
}

const event = (kind: WatchEvent['kind'], text: string, isLast = false): WatchEvent => ({
  kind,
  bytes: Buffer.from(`event: ${kind}\ndata: ${text}\n\n`),
  isLast,
})

test('events in order until the last one, which ends the answer', async () => {
  const answer = Promise.withResolvers<Response>()
  const stream = await openFor((port) => void fetch(`http://127.0.0.1:${port}/`).then(answer.resolve, answer.reject))
  stream.send(event('progress', '1'))
  stream.beat()
  stream.send(event('completed', '2', true))
  stream.send(event('progress', '3'))
  stream.beat()
  const { headers, status, ...response } = await answer.promise.then(async (it) => ({
    headers: it.headers,
    status: it.status,
    text: await it.text(),
  }))
  expect(status).toBe(200)
  expect(headers.get('content-type')).toBe('text/event-stream')
  expect(headers.get('x-test')).toBe('1')
  expect(response.text).toBe('retry: 2000\n: watching\n\nevent: progress\ndata: 1\n\n: alive\n\nevent: completed\ndata: 2\n\n')
  await expect.poll(() => closed).toBe(1)
})

test('who does not read holds no more than the newest state, and gets it in the end', async () => {
  let client: ReturnType<typeof connect> | undefined
  const stream = await openFor((port) => {
    client = connect(port, '127.0.0.1')
    client.pause()
    client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  })
  const large = 'x'.repeat(100_000)
  for (let i = 0; i < 1000; i++) {
    stream.send(event('progress', `${i} ${large}`))
    if (i % 100 === 0) await delay(5)
  }
  stream.send(event('preview', 'picture'))
  stream.send(event('completed', 'done', true))
  let text = ''
  client!.setEncoding('latin1').on('data', (chunk: string) => (text += chunk))
  await new Promise((resolve) => client!.once('end', resolve).resume())
  expect(text.length).toBeLessThan(20_000_000)
  expect(text).toContain('data: 0 x')
  expect(text.endsWith('event: completed\ndata: done\n\n')).toBe(true)
  await expect.poll(() => closed).toBe(1)
})

test('a client that goes ends its stream; one that stays is let go within seconds', async () => {
  let client: ReturnType<typeof connect> | undefined
  const stream = await openFor((port) => {
    client = connect(port, '127.0.0.1')
    client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  })
  client!.destroy()
  await expect.poll(() => closed).toBe(1)
  stream.send(event('progress', '1'))
  stream.beat()
  server.close()
  const other = await openFor((port) => {
    client = connect(port, '127.0.0.1')
    client.pause()
    client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  })
  for (let i = 0; i < 100; i++) other.send(event('progress', 'x'.repeat(100_000)))
  other.end()
  expect(closed).toBe(0)
  await expect.poll(() => closed, { timeout: 4000 }).toBe(1)
  client!.destroy()
})
