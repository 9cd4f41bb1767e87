// ONNX Runtime as our packages ask for it: onnxruntime-node without its install script, and each platform's binaries in a package of
// their own. On Linux x64 that script fetches CUDA libraries from nuget.org, which a CPU has no use for, and where nuget.org is not
// reachable `npm install` fails; the original holds the binaries of five platforms, 288 MB of which one needs a sixth.
// What is published asks for the copy under the original's name (an npm alias), so that no source knows of it.

import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Manifest, ROOT, readManifest, type Staged, writeManifest } from './workspaces.ts'

const ORIGINAL = 'onnxruntime-node'
const COPY = '@kinora/onnxruntime-node'
const BINARIES = 'bin/napi-v6'
const BESIDE = fileURLToPath(new URL('onnxruntime', import.meta.url))
/** The original, as the library finds it. */
export const INSTALLED = dirname(createRequire(join(ROOT, 'packages/kinora/package.json')).resolve(`${ORIGINAL}/package.json`))

interface Platform {
  readonly os: string
  readonly cpu: string
}

/** Stages the copy and its platforms into `target/packages`. `ours` is whose repository they come from. */
export function stageOnnxruntime(target: string, ours: Manifest, platforms = allPlatforms()): Staged[] {
  const folderOf = (name: string) => join(target, 'packages', name)
  return [
    ...platforms.map((platform) => ({ name: nameOf(platform), folder: stagePlatform(folderOf(nameOf(platform)), platform, ours) })),
    { name: COPY, folder: stageCopy(folderOf(COPY), ours) },
  ]
}

export function allPlatforms(): Platform[] {
  const systems = readdirSync(join(INSTALLED, BINARIES))
  return systems.flatMap((os) => readdirSync(join(INSTALLED, BINARIES, os)).map((cpu) => ({ os, cpu })))
}

/** What a package of ours asks for instead of `range` of `name`. */
export function alias(name: string, range: string): string {
  return name === ORIGINAL ? `npm:${COPY}@${range}` : range
}

function nameOf({ os, cpu }: Platform): string {
  return `${COPY}-${os}-${cpu}`
}

function stagePlatform(folder: string, { os, cpu }: Platform, ours: Manifest): string {
  cpSync(join(INSTALLED, BINARIES, os, cpu), folder, { recursive: true })
  const { version, license, author } = readManifest(INSTALLED)
  writeAbout(folder, {
    name: nameOf({ os, cpu }),
    version,
    description: `The binaries of ${COPY} for ${os} on ${cpu}`,
    license,
    author,
    ...linksOf(ours),
    engines: ours.engines,
    os: [os],
    cpu: [cpu],
    ...(os === 'linux' && { libc: ['glibc'] }),
    publishConfig: ours.publishConfig,
  })
  return folder
}

function stageCopy(folder: string, ours: Manifest): string {
  cpSync(join(INSTALLED, 'dist'), join(folder, 'dist'), { recursive: true, filter: (path) => !path.endsWith('.map') })
  cpSync(join(BESIDE, 'platform.cjs'), join(folder, 'dist/platform.cjs'))
  // Not run by npm, but by who asks for it: `kinora doctor --install-cuda`.
  cpSync(join(INSTALLED, 'script'), join(folder, 'script'), { recursive: true, filter: (path) => !/\.ts$|(build|prepack)\.js$/.test(path) })
  const binding = join(folder, 'dist/binding.js')
  writeFileSync(binding, withPlatformPackages(readFileSync(binding, 'utf8')))
  const { version, license, author, main, types, dependencies } = readManifest(INSTALLED)
  writeAbout(folder, {
    name: COPY,
    version,
    description: `${ORIGINAL} without its install script, each platform in a package of its own`,
    license,
    author,
    ...linksOf(ours),
    type: 'commonjs',
    engines: ours.engines,
    main,
    types,
    dependencies,
    optionalDependencies: Object.fromEntries(allPlatforms().map((platform) => [nameOf(platform), version])),
    publishConfig: ours.publishConfig,
  })
  return folder
}

/** Where the original loads its binary, the copy loads the platform's package. */
export function withPlatformPackages(source: string): string {
  const before = `require(\`../${BINARIES}/\${process.platform}/\${process.arch}/onnxruntime_binding.node\`)`
  const [head, tail, ...more] = source.split(before)
  if (head === undefined || tail === undefined || more.length > 0)
    throw new Error(`${ORIGINAL}'s dist/binding.js should hold once: ${before}. A new version loads its binary in another way: look there`)
  return `${head}require('./platform.cjs')${tail}`
}

function linksOf({ homepage, bugs, repository }: Manifest) {
  return { homepage, bugs, repository }
}

function writeAbout(folder: string, manifest: object): void {
  for (const name of ['LICENSE', 'README.md']) cpSync(join(BESIDE, name), join(folder, name))
  writeManifest(folder, manifest)
}
