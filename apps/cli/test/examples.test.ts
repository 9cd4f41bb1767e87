// `kinora examples` on the examples that come with the demo model.

import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Example } from '@kinora/demo-model'
import { describe, expect, test } from 'vitest'
import { chooseExample, exampleFlags } from '../src/examples.ts'
import { contents, emptyFolder, events, kinora } from './support/cli.ts'

const FILE = fileURLToPath(new URL('../../../packages/demo-model/examples.json', import.meta.url))

describe.skipIf(!existsSync(FILE))("the demo model's examples", () => {
  const examples = () => JSON.parse(readFileSync(FILE, 'utf8')) as Example[]

  test('are listed, and the last one can be run with its own settings', async () => {
    const cwd = emptyFolder()
    const list = await kinora(['examples'], { cwd })
    expect(list.code, list.stderr).toBe(0)
    const lines = list.stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(examples().length)
    for (const [i, { prompt }] of examples().entries()) expect(lines[i]).toContain(`${i + 1}  ${prompt}`)
    const { prompt, seed } = examples().at(-1)!
    const run = await kinora(['examples', '--run', String(examples().length), '-o', 'a.gif', '--json'], { cwd })
    expect(run.code, run.stderr).toBe(0)
    expect(events(run.stdout).find(({ event }) => event === 'saved')).toMatchObject({
      request: { prompt, ...(seed === undefined ? {} : { seed }) },
    })
    expect(contents(cwd)).toEqual(['a.gif'])
    const beyond = await kinora(['examples', '--run', String(examples().length + 1)], { cwd })
    expect(beyond).toMatchObject({ code: 2, stderr: expect.stringContaining(`there are 1 to ${examples().length}`) as string })
  })
})

test('an example becomes flags; what the user gives wins', () => {
  const example = { prompt: 'a cat', seed: 5, steps: 20, guidance: 4 }
  expect(exampleFlags(example, { out: ['a.mp4'] })).toEqual({ seed: 5n, steps: 20, guidance: 4, out: ['a.mp4'] })
  expect(exampleFlags(example, { seed: 6n })).toMatchObject({ seed: 6n, steps: 20 })
  expect(chooseExample([example], 1)).toBe(example)
  expect(() => chooseExample([example], 2)).toThrow('there are 1 to 1')
})
