// `--precision int8` with the bundled model: weights are made once, told of by `models info`, and named in
// the video's settings.

import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readMetadata } from 'kinora'
import { expect, test } from 'vitest'
import { contents, emptyFolder, kinora } from './support/cli.ts'

const DEMO = fileURLToPath(new URL('../../../packages/demo-model/checkpoint', import.meta.url))

test('int8 weights are made once and shown', async () => {
  const cwd = emptyFolder()
  const options = { cwd, env: { KINORA_CACHE: join(cwd, 'cache') } }
  const args = ['generate', 'a red circle', '--precision', 'int8', '--steps', '1', '--frames', '2', '--seed', '1']
  expect((await kinora([...args, '--dry-run'], options)).stdout).toMatch(/\ncomputes in int8\n/)
  const first = await kinora([...args, '-o', 'a.safetensors'], options)
  expect(first.code, first.stderr).toBe(0)
  expect(first.stderr).toMatch(/\nquantizing {2}0\/\d+/)
  expect(await readMetadata(join(cwd, 'a.safetensors'))).toMatchObject({ precision: 'int8' })
  const second = await kinora([...args, '-o', 'b.safetensors'], options)
  expect(second.code, second.stderr).toBe(0)
  expect(second.stderr).not.toContain('quantizing')
  const [file, ...others] = contents(join(cwd, 'cache', 'int8'))
  expect(others).toEqual([])
  const info = await kinora(['models', 'info', DEMO], options)
  expect(info.stdout).toMatch(/\nint8 +\d.*B, made 20\d\d-\d\d-\d\d: /)
  expect(info.stdout).toContain(file)
})
