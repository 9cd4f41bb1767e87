// `npm run test:e2e`: the web application in a real Chromium, against the real service with the bundled demo model. Not part
// of `npm test`, which needs neither a browser nor a built application.

import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['kinora-dev'] },
  ssr: { resolve: { conditions: ['kinora-dev'], externalConditions: ['kinora-dev'] } },
  test: {
    include: ['apps/web/test/e2e/**/*.e2e.ts'],
    globalSetup: 'apps/web/test/e2e/support/service.ts',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    env: { ORT_DISABLE_TELEMETRY: '1' },
    pool: 'forks',
    fileParallelism: false, // the generator, the service and the browser share the machine already
    execArgv: ['--conditions=kinora-dev'],
  },
})
