// A local registry until it is killed, for trying by hand what users install; prints its address when everything is published.
//
//   node scripts/registry/main.ts [--host H] [--port N] [--versions 0.1.0,0.2.0] [--build | --no-build]

import { parseArgs } from 'node:util'
import { startLocalRegistry } from './local-registry.ts'

const { values } = parseArgs({
  allowNegative: true,
  options: {
    host: { type: 'string' },
    port: { type: 'string' },
    /** The same build under each, the last one as `latest`. */
    versions: { type: 'string' },
    build: { type: 'boolean' },
  },
})
const { host, port, versions, build } = values
const registry = await startLocalRegistry({
  ...(host && { host }),
  ...(port && { port: Number(port) }),
  ...(versions && { versions: versions.split(',') }),
  ...(build !== undefined && { build }),
})
console.log(registry.url)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void registry.stop().then(() => process.exit()))
