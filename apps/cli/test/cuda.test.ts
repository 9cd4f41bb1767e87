// `kinora doctor --install-cuda` without NVIDIA's hardware and without the network that it needs: ONNX Runtime's own installer gets its
// package from an HTTPS server of this machine, and the real dynamic loader is asked what is missing.

import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { libraryChecks, missingLibraries } from '../src/cuda-check.ts'
import { type CudaPlace, cudaPlace, installCuda } from '../src/install-cuda.ts'
import { contents, emptyFolder, kinora } from './support/cli.ts'

const INSTALLED = cudaPlace()
const LINUX = 'linux/x64'
const OPENSSL = 'openssl'
const signal = new AbortController().signal
/** What npm tells a program that it runs below a project. */
const AS_NPX = {
  npm_config_local_prefix: '/project',
  npm_package_json: '/project/package.json',
  npm_config_onnxruntime_node_install: 'skip',
}

test('what cannot be reached leaves the package as it was, and says what to do', async () => {
  const before = contents(INSTALLED.folder)
  const env = { GLOBAL_AGENT_HTTPS_PROXY: 'http://127.0.0.1:9' } // nobody listens there
  const { code, stdout, stderr } = await kinora(['doctor', '--install-cuda'], { cwd: emptyFolder(), env })
  expect(code).toBe(1)
  if (INSTALLED.platform !== LINUX) return expect(stderr).toContain('ONNX Runtime has CUDA for Linux on x64 only')
  expect(stdout).toContain(`by way of https://api.nuget.org/v3/index.json, to ${INSTALLED.folder}`)
  expect(stderr).toMatch(/could not be fetched by way of https.*ECONNREFUSED.*\nnothing was changed; .*HTTPS_PROXY/)
  expect(contents(INSTALLED.folder)).toEqual(before)
})

test.each(['darwin/arm64', 'linux/arm64', 'win32/x64'])('%s has none', async (platform) => {
  const done = installCuda({ ...INSTALLED, platform }, { say: () => {}, signal })
  await expect(done).rejects.toThrow(`ONNX Runtime has CUDA for Linux on x64 only, and this is ${platform}`)
})

test('each missing library has its way out', () => {
  const [cudnn, cublas, other] = libraryChecks(['libcudnn.so.9', 'libcublasLt.so.12', 'libfoo.so.1'])
  expect(cudnn).toMatchObject({ status: 'fail', hint: expect.stringContaining('libcudnn9-cuda-12') as string })
  expect(cublas).toMatchObject({ status: 'fail', hint: expect.stringContaining('CUDA 12') as string })
  expect(other).not.toHaveProperty('hint')
  expect(libraryChecks([])).toMatchObject([{ status: 'ok' }])
})

describe.runIf(process.platform === 'linux')('with a package server', () => {
  // Beside the real ones, since the installer needs packages of its own.
  const root = join(INSTALLED.folder, '../.cache', `kinora-cuda-${process.pid}`)
  const folder = join(root, 'onnxruntime-node')
  const target = join(folder, 'bin/napi-v6', LINUX)
  const place: CudaPlace = { folder, binaries: target, platform: LINUX }
  const binding = join(INSTALLED.folder, 'bin/napi-v6', LINUX, 'onnxruntime_binding.node')
  let server: Server
  let nupkg: Buffer

  beforeAll(async () => {
    mkdirSync(root, { recursive: true })
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2']
    const files = ['-keyout', join(root, 'key.pem'), '-out', join(root, 'cert.pem')]
    execFileSync(OPENSSL, ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject, ...files], { stdio: 'ignore' })
    const [key, cert] = [readFileSync(join(root, 'key.pem')), readFileSync(join(root, 'cert.pem'))]
    server = createServer({ key, cert }, ({ url = '' }, response) => {
      const { port } = server.address() as AddressInfo
      const json = url.endsWith('/feed.json')
        ? { resources: [{ '@type': 'PackageBaseAddress/3.0.0', '@id': `https://localhost:${port}/` }] }
        : { versions: ['1.30.0'] }
      if (url.endsWith('.nupkg')) return void response.end(nupkg)
      response.setHeader('content-type', 'application/json').end(JSON.stringify(json))
    })
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  })
  afterAll(() => {
    server.close()
    rmSync(root, { recursive: true, force: true })
  })

  beforeEach(() => {
    rmSync(place.folder, { recursive: true, force: true })
    mkdirSync(target, { recursive: true })
    copyFileSync(binding, join(target, 'onnxruntime_binding.node'))
    cpSync(join(INSTALLED.folder, 'script'), join(place.folder, 'script'), { recursive: true })
    const metadata = join(place.folder, 'script/install-metadata.js')
    const feed = `https://localhost:${(server.address() as AddressInfo).port}/feed.json`
    writeFileSync(metadata, readFileSync(metadata, 'utf8').replace('https://api.nuget.org/v3/index.json', feed))
  })

  const NAMES = ['cuda', 'shared', 'tensorrt'].map((name) => `libonnxruntime_providers_${name}.so`)

  /** A NuGet package is a zip. Its libraries are one that is here, and does not find its neighbour. */
  function packageWith(names: readonly string[]): Buffer {
    const AdmZip = createRequire(join(INSTALLED.folder, 'package.json'))('adm-zip') as new () => {
      addFile(name: string, content: Buffer): void
      toBuffer(): Buffer
    }
    const zip = new AdmZip()
    for (const name of names) zip.addFile(`runtimes/linux-x64/native/${name}`, readFileSync(binding))
    return zip.toBuffer()
  }

  const install = (lines: string[] = [], where = place) =>
    installCuda(where, {
      say: (line) => lines.push(line),
      signal,
      env: { ...process.env, ...AS_NPX, NODE_EXTRA_CA_CERTS: join(root, 'cert.pem') },
    })

  test('puts the libraries beside ONNX Runtime, once, and the loader tells what they lack', async () => {
    nupkg = packageWith(NAMES)
    await install()
    expect(readdirSync(target).sort()).toEqual([...NAMES, 'onnxruntime_binding.node'].sort())
    expect(readdirSync(place.folder).sort()).toEqual(['bin', 'script'])
    const lines: string[] = []
    await install(lines)
    expect(lines).toEqual([`ONNX Runtime's CUDA libraries are in ${target} already`])
    expect(await missingLibraries(join(target, NAMES[0]!))).toEqual(['libonnxruntime.so.1'])
  })

  test('binaries in a package of their own get them there', async () => {
    nupkg = packageWith(NAMES)
    const binaries = join(root, 'onnxruntime-node-linux-x64')
    mkdirSync(binaries)
    await install([], { ...place, binaries })
    expect(readdirSync(binaries).sort()).toEqual(NAMES.toSorted())
    expect(readdirSync(target)).toEqual(['onnxruntime_binding.node'])
  })

  test.each([
    ['lacks a library', () => packageWith(NAMES.slice(0, 2)), /Failed to find .*tensorrt.so in NuGet package/],
    ['is cut off', () => packageWith(NAMES).subarray(0, 4000), /Failed to open NuGet package/],
  ])('a package that %s changes nothing', async (_, make, words) => {
    nupkg = make()
    await expect(install()).rejects.toThrow(words)
    expect(contents(place.folder).filter((name) => !name.startsWith('script'))).toEqual([
      'bin',
      'bin/napi-v6',
      'bin/napi-v6/linux',
      'bin/napi-v6/linux/x64',
      'bin/napi-v6/linux/x64/onnxruntime_binding.node',
    ])
  })

  test.runIf(process.getuid?.() !== 0)('a folder of somebody else is named', async () => {
    chmodSync(place.folder, 0o500)
    await expect(install()).rejects.toThrow(`cannot write to ${place.folder}`)
  })
})
