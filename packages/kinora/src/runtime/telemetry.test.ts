// What ONNX Runtime leaves on a machine where nobody has run it before: nothing.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'

const home = mkdtempSync(path.join(tmpdir(), 'kinora-telemetry-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

test('loading it and opening a session writes no file', () => {
  const program = `
    import { openEngine } from '${new URL('./engine.node.ts', import.meta.url).href}'
    import { Graph } from '${new URL('../onnx/graph.ts', import.meta.url).href}'
    import { encodeModel } from '${new URL('../onnx/model.ts', import.meta.url).href}'
    const g = Graph.create('same')
    g.output('y', g.input('x', 'float32', [2]))
    await (await openEngine({ inProcess: true })).createSession(encodeModel(g))`
  const { PATH = '' } = process.env
  const { status, stderr } = spawnSync(process.execPath, ['--conditions=kinora-dev', '--input-type=module', '-e', program], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { PATH, HOME: home, TMPDIR: home },
    encoding: 'utf8',
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(readdirSync(home, { recursive: true })).toEqual([])
})
