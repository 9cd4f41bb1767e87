// The process that Verdaccio runs in: it gets its configuration as the first message, listens, and says on which port. A process of
// its own, so that whoever started it may block while npm installs; it ends with its parent.

import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { runServer } from 'verdaccio'

export interface Order {
  readonly config: Parameters<typeof runServer>[0]
  readonly host: string
  readonly port: number
}

process.once('disconnect', () => process.exit())
const [order] = (await once(process, 'message')) as [Order]
const server = (await runServer(order.config)) as Server
server.listen(order.port, order.host)
await once(server, 'listening')
process.send?.((server.address() as AddressInfo).port)
