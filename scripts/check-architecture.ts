// `npm run arch [-- FOLDER]`: holds the repository against scripts/architecture.ts. Prints one line a
// violation and exits with 1 when there is any; long files are warned about first.

import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, posix, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkArchitecture, type SourceFile, type Subpaths } from './architecture.ts'

const PACKAGE = 'packages/kinora'
const SOURCES = [
  '{packages,apps}/*/{src,test,scripts}/**/*.{ts,tsx}',
  '{scripts,bench,deploy,docs}/**/*.ts',
  'docs/.vitepress/{*,theme/*}.ts',
]

function readTree(root: string): SourceFile[] {
  return globSync(SOURCES, { cwd: root, exclude: (name) => /(^|[\\/])(node_modules|dist|fixtures)$/.test(name) })
    .map((path) => path.split(sep).join('/'))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

/** The `imports` map of the library; conditions are flattened, built files left out. */
function readSubpaths(root: string): Subpaths {
  const path = join(root, PACKAGE, 'package.json')
  if (!existsSync(path)) return {}
  const { imports = {} } = JSON.parse(readFileSync(path, 'utf8')) as { imports?: Record<string, unknown> }
  return Object.fromEntries(Object.entries(imports).map(([name, target]) => [name, sourceTargets(target)]))
}

function sourceTargets(target: unknown): string[] {
  if (typeof target === 'string') return target.startsWith('./src/') ? [posix.join(PACKAGE, target)] : []
  return typeof target === 'object' && target !== null ? Object.values(target).flatMap(sourceTargets) : []
}

const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url))
const files = readTree(root)
const { errors, warnings } = checkArchitecture(files, readSubpaths(root))
for (const line of warnings) console.warn(`warning: ${line}`)
for (const line of errors) console.error(line)
console.log(`architecture: ${files.length} files, ${errors.length} violations, ${warnings.length} warnings`)
process.exitCode = errors.length > 0 || files.length === 0 ? 1 : 0
