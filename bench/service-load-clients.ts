// The clients of service-load.ts, in a process of their own: open event streams, and polls at an even pace whether or not
// earlier ones were answered. Plain sockets, so that the clients take little of the machine that is measured.

import { connect, type Socket } from 'node:net'

export interface ClientsOrder {
  url: string
  key: string
  id: string
  watchers: number
  /** A second. */
  polls: number
}

export interface ClientsDone {
  /** Of polls, in ms, from when each was due. */
  latencies: number[]
  /** Polls that were refused, and connections that were lost. */
  failures: number
  /** Of all watchers together. */
  events: number
  /** Streams that the service ended after the last event. */
  ended: number
  cpuSeconds: number
}

const CONNECTIONS = 20
const TICK_MS = 5

const done: ClientsDone = { latencies: [], failures: 0, events: 0, ended: 0, cpuSeconds: 0 }
let ending = false

function open({ url, key, id }: ClientsOrder, heard: (text: string) => void): { socket: Socket; get: (path: string) => void } {
  const { hostname, port, host } = new URL(url)
  const socket = connect(Number(port), hostname).setNoDelay(true).setEncoding('latin1')
  socket.on('data', heard)
  socket.on('error', () => done.failures++)
  const get = (path: string): void => {
    socket.write(`GET /v1/videos/${id}${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${key}\r\n\r\n`)
  }
  return { socket, get }
}

/** Resolves when the service has answered. */
function watch(order: ClientsOrder): Promise<void> {
  return new Promise((resolve) => {
    let isLast = false
    const { socket, get } = open(order, (text) => {
      done.events += text.split('event: ').length - 1
      isLast ||= text.includes('event: completed')
      resolve()
    })
    socket.on('end', () => isLast && done.ended++)
    get('/events')
  })
}

/** A connection that is asked again and again, one question at a time. */
function poller(order: ClientsOrder): { ask(due: number): void; readonly isBusy: boolean } {
  let due: number | undefined
  let text = ''
  const { get } = open(order, (chunk) => {
    text += chunk
    const head = text.indexOf('\r\n\r\n')
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? Number.NaN)
    if (due === undefined || head < 0 || text.length < head + 4 + length) return
    if (text.startsWith('HTTP/1.1 200')) done.latencies.push(performance.now() - due)
    else done.failures++
    text = ''
    due = undefined
  })
  return {
    ask(at) {
      due = at
      get('')
    },
    get isBusy() {
      return due !== undefined
    },
  }
}

function poll(order: ClientsOrder): void {
  const pollers = Array.from({ length: CONNECTIONS }, () => poller(order))
  const begin = performance.now()
  const due: number[] = []
  let asked = 0
  setInterval(() => {
    const now = performance.now()
    while (!ending && asked < ((now - begin) * order.polls) / 1000) due.push(begin + (asked++ * 1000) / order.polls)
    for (const each of pollers) {
      if (due.length === 0) return
      if (!each.isBusy) each.ask(due.shift()!)
    }
  }, TICK_MS)
}

let cpu = process.cpuUsage()
process.on('message', (message: ClientsOrder | 'end') => {
  if (message === 'end') {
    ending = true
    const { user, system } = process.cpuUsage(cpu)
    done.cpuSeconds = (user + system) / 1e6
    // What was sent last is still on its way.
    setTimeout(() => process.send!(done), 500)
    return
  }
  void Promise.all(Array.from({ length: message.watchers }, () => watch(message))).then(() => {
    poll(message)
    cpu = process.cpuUsage()
    process.send!('ready')
  })
})
