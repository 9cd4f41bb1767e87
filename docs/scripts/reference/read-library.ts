// What TypeDoc reads out of packages/kinora: its doc comments and types, as one module for each group (groups.ts).
// TypeDoc's own TypeScript is the 6 of this workspace; everything else is checked with 7.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Application, type DeclarationReflection } from 'typedoc'
import { type Group, groupModules } from './groups.ts'

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url))
const WORK = path.join(REPOSITORY, 'docs/.vitepress/cache/reference')

/** The exports of each group, sorted as a reader looks for them. */
export async function readLibrary(): Promise<ReadonlyMap<Group, readonly DeclarationReflection[]>> {
  const modules = groupModules()
  rmSync(WORK, { recursive: true, force: true })
  mkdirSync(WORK, { recursive: true })
  for (const [{ name }, text] of modules) writeFileSync(path.join(WORK, `${name}.ts`), text)
  const tsconfig = path.join(WORK, 'tsconfig.json')
  const compilerOptions = { typeRoots: [path.join(REPOSITORY, 'node_modules/@types')], rootDir: REPOSITORY }
  writeFileSync(
    tsconfig,
    JSON.stringify({ extends: path.join(REPOSITORY, 'tsconfig.json'), compilerOptions, include: ['*.ts'], exclude: [] }),
  )
  const app = await Application.bootstrap({
    tsconfig,
    entryPoints: [...modules.keys()].map(({ name }) => path.join(WORK, `${name}.ts`)),
    logLevel: 'Error',
    disableSources: true,
    excludeProtected: true,
    excludePrivate: true,
    excludeInternal: true,
    sort: ['kind', 'source-order'],
    kindSortOrder: ['Class', 'Function', 'Variable', 'Interface', 'TypeAlias'],
  })
  const project = await app.convert()
  if (!project || app.logger.hasErrors()) throw new Error('TypeDoc could not read packages/kinora; its messages stand above')
  return new Map(
    [...modules.keys()].map((group) => {
      const module = project.children?.find(({ name }) => name === group.name)
      if (!module?.children) throw new Error(`TypeDoc found nothing in the group ${group.name}`)
      return [group, module.children]
    }),
  )
}
