// `npm run test:deploy`: what is installed is tried for real: packages from a registry of our own, the install script in a
// fresh root file system, container images. It needs root, Debian's tools and minutes, so it is not part of `npm test`.

import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['kinora-dev'] },
  ssr: { resolve: { conditions: ['kinora-dev'], externalConditions: ['kinora-dev'] } },
  test: {
    include: ['{deploy,scripts}/**/*.deploy.ts'],
    testTimeout: 900_000,
    hookTimeout: 900_000,
    env: { ORT_DISABLE_TELEMETRY: '1' },
    pool: 'forks',
    fileParallelism: false, // each of them installs the whole, and starts services on ports of the machine
    execArgv: ['--conditions=kinora-dev'],
  },
})
