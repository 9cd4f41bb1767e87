// `kinora doctor --install-cuda`: the libraries by which ONNX Runtime uses NVIDIA cards, which are too large for the npm registry.
// ONNX Runtime's own installer fetches them; it runs in a folder apart, so that the package gets all of them or none.
// Not here: the NVIDIA driver, CUDA and cuDNN, which belong to the system (cuda-check.ts says what is missing).

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { Failure } from './errors.ts'

/** What install-metadata.js of onnxruntime-node says. */
interface Metadata {
  readonly requirements: Readonly<Record<string, readonly string[] | undefined>>
  readonly manifests: Readonly<Record<string, Readonly<Record<string, { readonly package: string }>>>>
  readonly packages: Readonly<Record<string, { readonly name: string; readonly versions: readonly { feed: string; version: string }[] }>>
  readonly feeds: Readonly<Record<string, { readonly index: string }>>
}

export interface CudaPlace {
  /** Of the package onnxruntime-node. */
  readonly folder: string
  /** Where its binaries lie: in that package, or in a package for this platform that it loads them from (Kinora's published copy). */
  readonly binaries: string
  /** As its metadata names it: linux/x64 */
  readonly platform: string
}

interface Libraries {
  /** Absolute, where they belong. */
  readonly files: readonly string[]
  /** Of the package that they are in, as NuGet has it. */
  readonly source: string
  readonly index: string
}

const KIND = 'cuda12'
/** Where the installer puts what it fetches, by platform, below its package. */
const INSIDE = 'bin/napi-v6'

/** The package that the installed library uses. */
export function cudaPlace(): CudaPlace {
  const manifest = createRequire(import.meta.resolve('kinora')).resolve('onnxruntime-node/package.json')
  const [folder, platform] = [path.dirname(manifest), `${process.platform}/${process.arch}`]
  const inside = path.join(folder, INSIDE, platform)
  const beside = `@kinora/onnxruntime-node-${process.platform}-${process.arch}/package.json`
  return { folder, platform, binaries: existsSync(inside) ? inside : path.dirname(createRequire(manifest).resolve(beside)) }
}

/** Throws Failure where ONNX Runtime has none. */
export function cudaLibraries({ folder, binaries, platform }: CudaPlace): Libraries {
  const { requirements, manifests, packages, feeds } = createRequire(import.meta.url)(
    path.join(folder, 'script/install-metadata.js'),
  ) as Metadata
  if (!requirements[platform]?.includes(KIND))
    throw new Failure(
      `ONNX Runtime has CUDA for Linux on x64 only, and this is ${platform}`,
      'kinora doctor shows the devices that there are',
    )
  const manifest = Object.entries(manifests[`${platform}:${KIND}`]!)
  const { name, versions } = packages[manifest[0]![1].package]!
  const { feed, version } = versions[0]!
  return {
    files: manifest.map(([file]) => path.join(binaries, file)),
    source: `${name} ${version}`,
    index: feeds[feed]!.index,
  }
}

interface InstallOptions {
  readonly say: (line: string) => void
  readonly signal: AbortSignal
  readonly env?: NodeJS.ProcessEnv
}

/** Rejects with Failure; then the package is as it was. */
export async function installCuda(place: CudaPlace, { say, signal, env = process.env }: InstallOptions): Promise<void> {
  const { files, source, index } = cudaLibraries(place)
  if (files.every((file) => existsSync(file))) return say(`ONNX Runtime's CUDA libraries are in ${place.binaries} already`)
  say(`Downloading ${source}, some hundred megabytes, by way of ${index}, to ${place.binaries}`)
  const apart = await mkdtemp(path.join(place.folder, '.cuda-')).catch((error: unknown) => cannotWrite(error, place.folder))
  try {
    await cp(path.join(place.folder, 'script'), path.join(apart, 'script'), { recursive: true })
    await runInstaller(apart, { say, signal, env }).catch((error: unknown) => {
      signal.throwIfAborted()
      const why = error instanceof Error ? error.message : String(error)
      const hint = 'nothing was changed; see that the address can be reached from here, and set HTTPS_PROXY where a proxy is needed'
      throw new Failure(`the CUDA libraries could not be fetched by way of ${index}: ${why}`, hint, { cause: error })
    })
    const moves = files.map((file) => [path.join(apart, INSIDE, place.platform, path.basename(file)), file] as const)
    for (const [made] of moves) if (!((await stat(made).catch(() => undefined))?.size ?? 0)) throw new Failure(`${source} has no ${made}`)
    for (const [made, file] of moves) await rename(made, file)
  } finally {
    await rm(apart, { recursive: true, force: true })
  }
}

/**
 * Its downloads lie in the folder as well, and go with it. A proxy is told to it in names of its own. What npm tells its programs (this
 * may be `npx kinora`) stays out: below a project it would take that for an installation of itself from its sources, and do nothing.
 */
async function runInstaller(folder: string, { say, signal, env }: Required<InstallOptions>): Promise<void> {
  const proxy = env.HTTPS_PROXY || env.https_proxy
  const inherited = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('npm_')))
  const child = spawn(process.execPath, [path.join(folder, 'script/install.js')], {
    cwd: folder,
    env: { ...(proxy && { GLOBAL_AGENT_HTTPS_PROXY: proxy }), ...inherited, ONNXRUNTIME_NODE_INSTALL: KIND, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  child.stdout.setEncoding('utf8').on('data', (words: string) => say(words.trimEnd()))
  const [code, complaint] = await Promise.all([ended, text(child.stderr)])
  if (code !== 0) throw new Error(/^(?:\w*Error): (.+)$/m.exec(complaint)?.[1] ?? (complaint.trim() || `its installer ended with ${code}`))
}

function cannotWrite(error: unknown, folder: string): never {
  const why = error instanceof Error ? error.message : String(error)
  throw new Failure(`cannot write to ${folder}: ${why}`, 'run it as the user who installed Kinora, or with sudo', { cause: error })
}
