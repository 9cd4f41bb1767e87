// The checks of the architecture, as functions from a tree of files to sentences. Folders of packages/kinora/src are layers;
// imports point downwards only (layers.ts). check-architecture.ts reads the tree and prints; ARCHITECTURE.md has the picture.

import { type Import, resolveImport, scanImports, type Target } from './imports.ts'
import { LAYERS, NATIVE, OWNERS, SERVER_FOLDERS, SERVER_SHARED, WEB_FOLDERS, WEB_SHARED } from './layers.ts'

export interface SourceFile {
  /** Path from the repository's root, with forward slashes. */
  path: string
  text: string
}

/** `#name` of packages/kinora's package.json -> the source files it stands for, as repository paths. */
export type Subpaths = Readonly<Record<string, readonly string[]>>

export interface Report {
  errors: string[]
  warnings: string[]
}

const LIBRARY = 'packages/kinora/src/'
const WEB = 'apps/web/src/'
/** Applications whose folders import downwards. */
const APPS: readonly { root: string; folders: Readonly<Record<string, readonly string[]>>; shared: ReadonlySet<string> }[] = [
  { root: 'apps/server/src/', folders: SERVER_FOLDERS, shared: SERVER_SHARED },
  { root: WEB, folders: WEB_FOLDERS, shared: WEB_SHARED },
]
/** What is built on the library and knows nothing of its insides: applications, and the provider for the AI SDK. */
const APP = /^(?:apps\/[^/]+|packages\/ai-sdk)\//
const LIBRARY_TESTS = 'packages/kinora/test/'

const WARN_LINES = 200
const FAIL_LINES = 400

interface Edge extends Import {
  from: string
  target: Target
}

/** Checks a whole tree; each entry is one line: the place, then what is wrong and what would be right. */
export function checkArchitecture(files: readonly SourceFile[], subpaths: Subpaths): Report {
  const edges = files.flatMap(({ path, text }) =>
    scanImports(text).map((found): Edge => ({ ...found, from: path, target: resolveImport(found.specifier, path) })),
  )
  const size = files.map(checkSize)
  return {
    errors: [
      ...edges.flatMap((edge) => checkEdge(edge, subpaths)),
      ...findCycles(edges, subpaths),
      ...files.flatMap(checkHeader),
      ...size.flatMap(({ errors }) => errors),
    ].toSorted(),
    warnings: size.flatMap(({ warnings }) => warnings).toSorted(),
  }
}

function checkEdge(edge: Edge, subpaths: Subpaths): string[] {
  const { from } = edge
  const problems = from.startsWith(LIBRARY) ? checkLibraryEdge(edge, subpaths) : APP.test(from) ? checkAppEdge(edge) : []
  return [...new Set(problems)].map((problem) => `${from}:${edge.line}: ${problem}`)
}

function checkLibraryEdge({ from, target, typeOnly }: Edge, subpaths: Subpaths): string[] {
  switch (target.kind) {
    case 'file':
      return [...checkLayer(from, target.path, typeOnly), ...checkNodeFile(from, target.path, typeOnly)]
    case 'subpath': {
      const paths = subpaths[target.specifier]
      if (!paths) return [`${target.specifier} is not among the imports of packages/kinora/package.json`]
      return paths.flatMap((path) => checkLayer(from, path, typeOnly))
    }
    case 'builtin':
      return isNodeFile(from) ? [] : [`${target.name} belongs in a *.node.ts file`]
    case 'package':
      return checkPackage(from, target.name)
  }
}

function checkLayer(from: string, to: string, typeOnly: boolean): string[] {
  if (!to.startsWith(LIBRARY)) {
    if (isTest(from) && to.startsWith(LIBRARY_TESTS)) return []
    return [`${to} lies outside the library's source`]
  }
  const [layer, lower] = [layerOf(from), layerOf(to)]
  if (layer === 'index.ts' || layer === lower || (lower === 'errors.ts' && layer !== 'index.ts')) return []
  const rule = LAYERS[layer]
  if (!rule) return [`${layer} is no layer, so it imports nothing; layers are listed in scripts/layers.ts`]
  if (rule.imports.includes(lower)) return []
  if (rule.types?.includes(lower)) return typeOnly || isTest(from) ? [] : [`${layer} takes only types from ${lower}: use \`import type\``]
  return [`${layer} may not import ${lower} (allowed: ${[...rule.imports, ...(rule.types ?? [])].join(', ') || 'nothing'} and errors.ts)`]
}

/** A browser would load Node's modules through such an import; a `#name` has a twin for each, and index.ts, the entry for Node, may have one. */
function checkNodeFile(from: string, to: string, typeOnly: boolean): string[] {
  if (!to.endsWith('.node.ts') || isNodeFile(from) || from === `${LIBRARY}index.ts` || typeOnly) return []
  return [`${to} runs only on Node: import it through a #name of package.json, or from a *.node.ts file`]
}

function checkPackage(from: string, name: string): string[] {
  const owner = OWNERS[name]
  const problems: string[] = []
  if (name === 'kinora') problems.push('the library does not import itself by name')
  if (owner && layerOf(from) !== owner && !isTest(from)) problems.push(`only ${owner} imports ${name}`)
  if (NATIVE.has(name) && !isNodeFile(from)) problems.push(`${name} belongs in a *.node.ts file`)
  return problems
}

function checkAppEdge({ from, target, typeOnly }: Edge): string[] {
  const [app] = APP.exec(from) ?? ['']
  if (from.startsWith(WEB) && !isTest(from)) {
    const problems = checkBrowser(target, typeOnly)
    if (problems.length > 0) return problems
  }
  if (target.kind === 'package' && target.name === 'kinora' && target.subpath !== '')
    return [`kinora/${target.subpath}: applications use the public entry \`kinora\` only`]
  const layered = APPS.find(({ root }) => from.startsWith(root))
  if (layered && target.kind === 'file' && target.path.startsWith(layered.root)) return checkFolderEdge(from, target.path, layered)
  if (target.kind !== 'file' || target.path.startsWith(app)) return []
  if (isTest(from) && /^(?:packages|apps)\/[^/]+\/test\//.test(target.path)) return []
  return [`${target.path} lies outside ${app}: applications use public entries of packages only`]
}

/** The web application runs in browsers and talks to the service over HTTP. */
function checkBrowser(target: Target, typeOnly: boolean): string[] {
  if (target.kind === 'builtin') return [`${target.name} is not in browsers`]
  if (target.kind !== 'package' || (target.name !== 'kinora' && !target.name.startsWith('@kinora/'))) return []
  if (typeOnly && target.name === '@kinora/server' && target.subpath === 'api') return []
  return [`${target.name}: the web application talks to the service over HTTP, and takes only types from @kinora/server/api`]
}

function checkFolderEdge(from: string, to: string, { root, folders, shared }: (typeof APPS)[number]): string[] {
  const [folder = '', lower = ''] = [from, to].map((path) => path.slice(root.length).split('/')[0])
  const allowed = folders[folder]
  if (isTest(from) || /\.tsx?$/.test(folder) || folder === lower || shared.has(lower)) return []
  if (!allowed) return [`${folder} is no folder of ${root}; they are listed in scripts/layers.ts`]
  return allowed.includes(lower) ? [] : [`${folder} may not import ${lower} (allowed: ${allowed.join(', ') || 'nothing'})`]
}

/** Cycles of imports that exist at run time; each is told once, from its first file in the alphabet. */
function findCycles(edges: readonly Edge[], subpaths: Subpaths): string[] {
  const graph = new Map<string, string[]>()
  for (const { from, target, typeOnly } of edges) {
    if (typeOnly) continue
    const targets = target.kind === 'file' ? [target.path] : target.kind === 'subpath' ? (subpaths[target.specifier] ?? []) : []
    graph.set(from, [...(graph.get(from) ?? []), ...targets])
  }
  const cycles: string[] = []
  const finished = new Set<string>()
  const visit = (path: string, trail: readonly string[]): void => {
    const seen = trail.indexOf(path)
    if (seen >= 0) cycles.push(`${path}: imports itself: ${[...trail.slice(seen), path].join(' -> ')}`)
    if (seen >= 0 || finished.has(path)) return
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path])
    finished.add(path)
  }
  for (const path of [...graph.keys()].toSorted()) visit(path, [])
  return cycles
}

function checkHeader({ path, text }: SourceFile): string[] {
  const body = text.replace(/^#!.*\n/, '')
  if (isTest(path) || isGenerated(path) || /^(\/\/|\/\*)/.test(body)) return []
  return [`${path}:1: opens without a comment that says what the file is`]
}

function checkSize({ path, text }: SourceFile): Report {
  const lines = text.replace(/\n$/, '').split('\n').length
  const message = `${path}: ${lines} lines`
  if (isGenerated(path) || lines <= WARN_LINES) return { errors: [], warnings: [] }
  if (lines > FAIL_LINES) return { errors: [`${message}, at most ${FAIL_LINES} are allowed: split it by idea`], warnings: [] }
  return { errors: [], warnings: [`${message}, more than ${WARN_LINES}: is it still one idea?`] }
}

/** The layer's folder, or the file's name for files directly in src. */
function layerOf(path: string): string {
  return path.slice(LIBRARY.length).split('/')[0] ?? ''
}

function isTest(path: string): boolean {
  return /\.(test|e2e)\.ts$/.test(path) || path.includes('/test/')
}

/** Test files run on Node whatever they test. */
function isNodeFile(path: string): boolean {
  return path.endsWith('.node.ts') || isTest(path)
}

function isGenerated(path: string): boolean {
  return path.endsWith('_pb.ts') || path.endsWith('.generated.ts')
}
