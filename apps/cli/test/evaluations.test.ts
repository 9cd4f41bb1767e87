// The flags that leave out part of the model's work: what they were is in the file, contradictions are refused.

import { join } from 'node:path'
import { readMetadata } from 'kinora'
import { expect, test } from 'vitest'
import { emptyFolder, kinora, MS } from './support/cli.ts'

const SHORT = ['generate', 'a cat', '-m', MS, '--steps', '2', '--frames', '2', '--seed', '1']

test.concurrent.each([
  [['--guidance-interval', '0,0.5'], { guidanceInterval: [0, 0.5] }],
  [['--cache-interval', '2', '--cache-depth', '3'], { cacheInterval: 2, cacheDepth: 3 }],
])('%j is in the metadata', async (flags, expected) => {
  const cwd = emptyFolder()
  const { code, stderr } = await kinora([...SHORT, ...flags, '-o', 'a.safetensors'], { cwd })
  expect(code, stderr).toBe(0)
  expect(await readMetadata(join(cwd, 'a.safetensors'))).toMatchObject(expected)
})

test.concurrent.each([
  [['--guidance-interval', '0.2'], 'two numbers such as 0.2,0.8'],
  [['--guidance-interval', '0.8,0.2'], '--guidance-interval is [0.8,0.2]; it must be two parts of the schedule'],
  [['--guidance-interval', '0,0.5', '--cache-interval', '2'], '--guidance-interval and --cache-interval exclude each other'],
  [['--cache-depth', '2'], '--cache-depth goes with --cache-interval'],
])('%j is refused', async (flags, says) => {
  const { code, stderr } = await kinora([...SHORT, ...flags, '--dry-run'], { cwd: emptyFolder() })
  expect(stderr).toContain(says)
  expect(code).toBe(2)
})

test('a dry run tells of them', async () => {
  const { stdout } = await kinora([...SHORT, '--cache-interval', '2', '--dry-run'], { cwd: emptyFolder() })
  expect(stdout).toContain('cached   deep features for 2 evaluations, depth 1')
})
