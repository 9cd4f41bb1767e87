// The whole suite: unit tests beside the code, conformance and end-to-end under test/.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['kinora-dev'] },
  ssr: { resolve: { conditions: ['kinora-dev'], externalConditions: ['kinora-dev'] } },
  test: {
    include: ['packages/*/{src,test}/**/*.test.ts', 'apps/*/{src,test}/**/*.test.ts', '{scripts,bench}/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2, // vitest leaves one of two cores idle; many tests wait for processes of their own
    execArgv: ['--conditions=kinora-dev'],
  },
})
