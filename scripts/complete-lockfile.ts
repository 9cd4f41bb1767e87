// `npm run lockfile`, after every change of dependencies: gives package-lock.json the optional
// packages for other platforms that the registry in use could not serve. npm leaves those out when it
// writes the file, and `npm ci` then refuses it as out of step. Added entries carry version and
// platform only; a machine of that platform fetches the package, all others skip it.

import { readFileSync, writeFileSync } from 'node:fs'

interface LockEntry {
  version?: string
  dev?: boolean
  optional?: boolean
  optionalDependencies?: Record<string, string>
  cpu?: string[]
  os?: string[]
  libc?: string[]
}

type Lockfile = { packages: Record<string, LockEntry> } & Record<string, unknown>

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const PROCESSORS = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64']

/** `@oxlint/binding-linux-arm-gnueabihf` -> linux, arm, glibc; undefined when the name tells no platform. */
export function platformOf(name: string): Pick<LockEntry, 'cpu' | 'os' | 'libc'> | undefined {
  const words = name.split(/[/-]/)
  const os = SYSTEMS.find((system) => words.includes(system))
  const cpu = PROCESSORS.find((processor) => words.some((word) => word === processor || (processor === 'arm' && word === 'armv7')))
  if (!os || !cpu) return undefined
  const libc = words.some((word) => word.startsWith('musl')) ? 'musl' : words.some((word) => word.startsWith('gnu')) ? 'glibc' : undefined
  return { cpu: [cpu], os: [os], ...(libc && { libc: [libc] }) }
}

/** The entries that `packages` lacks. Throws when one has no exact version or no platform in its name: that is another fault. */
export function missingPlatforms(packages: Readonly<Record<string, LockEntry>>): Record<string, LockEntry> {
  const missing: Record<string, LockEntry> = {}
  for (const [path, { dev, optionalDependencies = {} }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (isInstalled(name, path, packages)) continue
      const platform = platformOf(name)
      if (!platform || !/^\d+\.\d+\.\d+/.test(version))
        throw new Error(
          `${path || 'the root'} wants ${name}@${version}, which package-lock.json lacks and which names no platform and exact version`,
        )
      missing[`node_modules/${name}`] = { version, ...platform, ...(dev && { dev }), optional: true }
    }
  }
  return missing
}

/** Whether `name` is found from `path` upwards, as Node would look for it. */
function isInstalled(name: string, path: string, packages: Readonly<Record<string, LockEntry>>): boolean {
  const parts = path === '' ? [] : path.split('/node_modules/')
  return [`node_modules/${name}`, ...parts.map((_, i) => `${parts.slice(0, i + 1).join('/node_modules/')}/node_modules/${name}`)].some(
    (candidate) => candidate in packages,
  )
}

if (import.meta.main) {
  const file = new URL('../package-lock.json', import.meta.url)
  const lock = JSON.parse(readFileSync(file, 'utf8')) as Lockfile
  const missing = missingPlatforms(lock.packages)
  const sorted = Object.entries({ ...lock.packages, ...missing }).toSorted(([a], [b]) => a.localeCompare(b, 'en'))
  if (Object.keys(missing).length > 0)
    writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`)
  console.log(`package-lock.json: ${Object.keys(missing).length} platform packages added`)
}
