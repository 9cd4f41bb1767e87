// The whole suite: unit tests beside the code, conformance and end-to-end under test/. What Kinora keeps
// in the user's cache goes to a temporary folder.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

const cache = mkdtempSync(join(tmpdir(), 'kinora-test-cache-'))
process.on('exit', () => rmSync(cache, { recursive: true, force: true }))

export default defineConfig({
  resolve: { conditions: ['kinora-dev'] },
  ssr: { resolve: { conditions: ['kinora-dev'], externalConditions: ['kinora-dev'] } },
  test: {
    include: ['packages/*/{src,test}/**/*.test.ts', 'apps/*/{src,test}/**/*.test.ts', '{scripts,bench,deploy,docs}/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    env: {
      KINORA_CACHE: cache,
      ORT_DISABLE_TELEMETRY: '1', // tests load ONNX Runtime themselves, too
      KINORA_THREADS: '1', // ONNX Runtime's threads spin while they wait: for models this small, two take 1.6 times the processor time of one
      NODE_COMPILE_CACHE: join(cache, 'compiled'), // hundreds of processes load the same sources
    },
    pool: 'forks',
    maxWorkers: 2, // vitest leaves one of two cores idle; many tests wait for processes of their own
    execArgv: ['--conditions=kinora-dev'],
  },
})
