// `npm run test:docs`: the code blocks of the documentation are run. Not part of `npm test`, which checks what can be checked of
// them without running any.

import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['kinora-dev'] },
  ssr: { resolve: { conditions: ['kinora-dev'], externalConditions: ['kinora-dev'] } },
  test: {
    include: ['docs/test/**/*.docs.ts'],
    testTimeout: 150_000,
    hookTimeout: 60_000,
    env: { ORT_DISABLE_TELEMETRY: '1' },
    pool: 'forks',
    execArgv: ['--conditions=kinora-dev'],
  },
})
