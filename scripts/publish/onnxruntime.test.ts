// The copy of ONNX Runtime: that it loads here from its platform's package, and what it says where that is missing.

import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { command } from './command.ts'
import { alias, allPlatforms, INSTALLED, stageOnnxruntime, withPlatformPackages } from './onnxruntime.ts'
import { publishedWorkspaces, readManifest, type Staged } from './workspaces.ts'

const HERE = { os: process.platform, cpu: process.arch }
const target = mkdtempSync(join(tmpdir(), 'kinora-onnxruntime-'))
const modules = join(target, 'node_modules')
let staged: Staged[] = []

beforeAll(() => {
  const [ours] = publishedWorkspaces()
  staged = stageOnnxruntime(target, ours!.manifest, [HERE])
  mkdirSync(join(modules, '@kinora'), { recursive: true })
  const common = dirname(dirname(dirname(createRequire(join(INSTALLED, 'package.json')).resolve('onnxruntime-common'))))
  symlinkSync(common, join(modules, 'onnxruntime-common'))
  symlinkSync(copy().folder, join(modules, 'onnxruntime-node'))
})
afterAll(() => rmSync(target, { recursive: true, force: true }))

const copy = () => staged.find(({ name }) => name === '@kinora/onnxruntime-node')!
const load = () =>
  command(process.execPath, ['--preserve-symlinks', '-p', 'Object.keys(require("onnxruntime-node")).includes("InferenceSession")'], {
    cwd: target,
  })

test('without its platform it says which package to install', async () => {
  const name = `@kinora/onnxruntime-node-${HERE.os}-${HERE.cpu}`
  await expect(load()).rejects.toThrow(`npm install ${name}@${readManifest(copy().folder).version}`)
})

test('with its platform it loads', async () => {
  const platform = staged.find(({ name }) => name.endsWith(`-${HERE.os}-${HERE.cpu}`))!
  symlinkSync(platform.folder, join(modules, platform.name))
  expect((await load()).stdout).toBe('true\n')
})

test('no script runs when it is installed, and every platform of the original is offered', () => {
  const { optionalDependencies = {}, scripts } = readManifest(copy().folder) as { optionalDependencies?: object; scripts?: object }
  expect(scripts).toBeUndefined()
  expect(Object.keys(optionalDependencies)).toHaveLength(allPlatforms().length)
  expect(allPlatforms()).toEqual(
    expect.arrayContaining([
      { os: 'linux', cpu: 'x64' },
      { os: 'darwin', cpu: 'arm64' },
    ]),
  )
  expect(alias('onnxruntime-node', '1.2.3')).toBe('npm:@kinora/onnxruntime-node@1.2.3')
  expect(alias('sharp', '1.2.3')).toBe('1.2.3')
})

test('the installer of the CUDA libraries is in it, for who asks for it', () => {
  expect(readdirSync(join(copy().folder, 'script')).sort()).toEqual([
    'install-metadata-versions.js',
    'install-metadata.js',
    'install-utils.js',
    'install.js',
  ])
  expect(readManifest(copy().folder)).toMatchObject({ dependencies: { 'adm-zip': expect.any(String), 'global-agent': expect.any(String) } })
})

test('a binding that loads its binary in another way is refused', () => {
  expect(() => withPlatformPackages('require("./elsewhere.node")')).toThrow(/should hold once/)
})
