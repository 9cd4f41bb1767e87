// Starts and stops Verdaccio, configured in code: storage in a folder that is thrown away, everyone may publish, our own packages never
// come from outside, and everything else is passed through to the registry that npm uses on this machine.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Order } from './verdaccio-child.ts'

export interface VerdaccioOptions {
  readonly folder: string
  readonly upstream: string
  /** Served from `folder` alone. */
  readonly own: readonly string[]
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
}

export async function startVerdaccio(options: VerdaccioOptions): Promise<{ port: number; stop: () => Promise<void> }> {
  const child = fork(fileURLToPath(new URL('verdaccio-child.ts', import.meta.url)), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const ended = once(child, 'exit')
  child.send({ config: configure(options), host: options.host, port: options.port } satisfies Order)
  const answer = await Promise.race([once(child, 'message'), ended.then(() => undefined)])
  if (!answer)
    throw new Error(`Verdaccio ended before it listened on ${options.host}:${options.port}; the lines above say why, a taken port mostly`)
  return {
    port: answer[0] as number,
    stop: async () => {
      child.kill('SIGKILL') // it keeps nothing: its folder goes, too
      await ended
    },
  }
}

function configure({ folder, upstream, own }: VerdaccioOptions): Order['config'] {
  const everyone = { access: '$all', publish: '$all', unpublish: '$all' }
  const ours = Object.fromEntries(own.map((name) => [name, everyone]))
  const config = {
    storage: join(folder, 'storage'),
    configPath: join(folder, 'config.yaml'), // relative paths would start here
    self_path: join(folder, 'config.yaml'),
    web: { enable: false },
    auth: { htpasswd: { file: join(folder, 'htpasswd'), max_users: -1 } },
    uplinks: { npm: { url: upstream, maxage: '1h', timeout: '120s', max_fails: 20, cache: false } },
    packages: { ...ours, '**': { access: '$all', proxy: 'npm' } },
    max_body_size: '200mb',
    log: { type: 'stdout', format: 'pretty', level: 'error' },
  }
  return config
}
