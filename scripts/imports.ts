// Finds what a TypeScript file imports without parsing it. Statements are looked for at the start of
// a line, where the formatter puts them, so code quoted in comments and strings is not mistaken for
// imports; `import()` and `require()` are found anywhere outside a comment line.

import { builtinModules } from 'node:module'
import { posix } from 'node:path'

export interface Import {
  specifier: string
  /** Erased before the code runs: `import type`, `export type`, `typeof import()`. */
  typeOnly: boolean
  line: number
}

export type Target =
  | { kind: 'file'; path: string }
  | { kind: 'subpath'; specifier: string }
  | { kind: 'builtin'; name: string }
  | { kind: 'package'; name: string; subpath: string }

const STATEMENT = /^(?:import|export)\s+(type\s+(?!from\b))?(?:[\w*${},\s]+?\s+from\s*)?(['"])([^'"\n]+)\2/gm
const CALL = /^(?!\s*(?:\/\/|\*|\/\*)).*?(typeof\s+import|\bimport|\brequire)\(\s*(['"`])([^'"`\n]+)\2/gm

/** Every import of `text`, in no particular order. */
export function scanImports(text: string): Import[] {
  const found = (match: RegExpMatchArray, typeOnly: boolean): Import => ({
    specifier: match[3] ?? '',
    typeOnly,
    line: text.slice(0, match.index).split('\n').length,
  })
  return [
    ...[...text.matchAll(STATEMENT)].map((match) => found(match, match[1] !== undefined)),
    ...[...text.matchAll(CALL)].map((match) => found(match, match[1]?.startsWith('typeof') === true)),
  ]
}

/** What a specifier in the file at `from` (a repository path) means. */
export function resolveImport(specifier: string, from: string): Target {
  if (specifier.startsWith('.')) return { kind: 'file', path: posix.join(posix.dirname(from), specifier) }
  if (specifier.startsWith('#')) return { kind: 'subpath', specifier }
  const [, name = specifier, subpath = ''] = /^((?:@[^/]+\/)?[^/]+)(?:\/(.*))?$/.exec(specifier) ?? []
  if (specifier.startsWith('node:') || builtinModules.includes(name)) return { kind: 'builtin', name: specifier }
  return { kind: 'package', name, subpath }
}
