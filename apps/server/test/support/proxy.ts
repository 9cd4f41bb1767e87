// A proxy that puts a service below a path of its own address, as reverse proxies do: it takes the path off what it passes on,
// or leaves it there.

import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface RunningProxy {
  /** Of the service through it, with the path and a slash. */
  readonly url: string
  close(): Promise<void>
}

/** `path`: `/kinora`, or '' for none. What is not below it answers 502. */
export async function startProxy(service: string, path: string, { strip }: { strip: boolean }): Promise<RunningProxy> {
  const server = createServer((incoming, outgoing) => {
    const { url = '/', method, headers } = incoming
    const isOwn = url.startsWith(`${path}/`) || (!strip && url === path)
    if (!isOwn) return outgoing.writeHead(502).end()
    const passed = request(`${service}${strip ? url.slice(path.length) : url}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(outgoing)
    })
    passed.on('error', () => outgoing.destroy())
    return incoming.pipe(passed)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${path}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
