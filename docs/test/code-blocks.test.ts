// Every code block of the documentation, as far as it can be checked without running it: shells parse it, every `kinora` command
// line is one that the program takes, scripts of npm exist, TypeScript has right types, JSON is some. What runs them is
// run-blocks.docs.ts. The Chinese pages have the English ones' code, comments aside.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { theProgram } from '../scripts/reference/command-line.ts'
import { type Block, blocksOf, withoutComments } from './support/blocks.ts'
import { commandsIn, programArguments } from './support/commands.ts'
import { modulesOf } from './support/modules.ts'
import { chinesePages, REPOSITORY, read, runPages } from './support/pages.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'kinora-docs-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const pages = runPages()
const blocks = [...pages.values()].flat()
const chinese = new Map(chinesePages().map((page) => [page, blocksOf(page, read(page))]))
const place = ({ page, line }: Block) => `${page}:${line}`

test('the pages have code', () => {
  expect(blocks.filter(({ kind }) => kind === 'shell').length).toBeGreaterThan(20)
  expect(blocks.filter(({ kind }) => kind === 'module').length).toBeGreaterThan(5)
})

test('bash reads every shell block', () => {
  const shell = blocks.filter(({ kind }) => kind === 'shell')
  for (const [index, { text }] of shell.entries()) writeFileSync(path.join(folder, `${index}.sh`), text)
  const each = `for (( i = 0; i < ${shell.length}; i++ )); do bash -n $i.sh 2>&1 | sed "s/^/$i /"; done`
  const { stdout } = spawnSync('bash', ['-c', each], { cwd: folder, encoding: 'utf8' })
  const failures = stdout.split('\n').filter((line) => line !== '')
  expect(failures.map((line) => `${place(shell[Number.parseInt(line, 10)]!)}: ${line}`)).toEqual([])
})

test('the program takes every command line', async () => {
  const failures: string[] = []
  let count = 0
  for (const block of [...blocks, ...[...chinese.values()].flat()].filter(({ kind }) => kind === 'shell')) {
    for (const words of commandsIn(block.text)) {
      const args = programArguments(words)
      if (!args) continue
      count++
      const problem = await refusal(args)
      if (problem !== undefined) failures.push(`${place(block)}: kinora ${args.join(' ')}: ${problem}`)
    }
  }
  expect(failures).toEqual([])
  expect(count).toBeGreaterThan(20)
})

test('a command line that the program does not take is noticed', async () => {
  const [words = []] = commandsIn('KEY=1 kinora generate "a \\"red\\" ring" --stepz 3 > out.txt # a comment')
  expect(words).toEqual(['kinora', 'generate', 'a "red" ring', '--stepz', '3'])
  expect(await refusal(programArguments(words) ?? [])).toContain('--stepz')
  expect(await refusal(['generate', 'a ring', '--precision', 'float8'])).toContain('float8')
})

test('scripts of npm exist', () => {
  const scripts = (file: string) =>
    Object.keys((JSON.parse(readFileSync(path.join(REPOSITORY, file), 'utf8')) as { scripts: object }).scripts)
  const failures = blocks
    .filter(({ kind }) => kind === 'shell')
    .flatMap((block) =>
      commandsIn(block.text).flatMap((words) => {
        if (words[0] !== 'npm' || (words[1] !== 'run' && words[1] !== 'test')) return []
        const at = words.indexOf('-w')
        const name =
          words[1] === 'test' ? 'test' : words.find((word, index) => index > 1 && index !== at && index !== at + 1 && !word.startsWith('-'))
        const known = scripts(at < 0 ? 'package.json' : `${words[at + 1]}/package.json`)
        return name !== undefined && known.includes(name) ? [] : [`${place(block)}: ${words.join(' ')}: there is no such script`]
      }),
    )
  expect(failures).toEqual([])
})

test('JSON is JSON', () => {
  const failures = blocks
    .filter(({ kind }) => kind === 'json')
    .flatMap((block) => {
      try {
        JSON.parse(block.text)
        return []
      } catch (error) {
        return [`${place(block)}: ${String(error)}`]
      }
    })
  expect(failures).toEqual([])
})

test('TypeScript has right types', () => {
  const types = path.join(folder, 'types')
  mkdirSync(types)
  symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(types, 'node_modules'))
  writeFileSync(path.join(types, 'package.json'), '{"type": "module"}')
  const options = {
    allowJs: true,
    noUnusedLocals: false,
    moduleDetection: 'force',
    typeRoots: [path.join(REPOSITORY, 'node_modules/@types')],
  }
  const config = {
    extends: path.join(REPOSITORY, 'tsconfig.json'),
    compilerOptions: options,
    include: ['**/*.ts', '**/*.js'],
    exclude: ['node_modules'],
  }
  writeFileSync(path.join(types, 'tsconfig.json'), JSON.stringify(config))
  const places = new Map<string, string>()
  for (const [page, own] of pages)
    for (const { name, text, line } of modulesOf(own)) {
      const at = path.join(page.replaceAll(/\W/g, '-'), name)
      mkdirSync(path.dirname(path.join(types, at)), { recursive: true })
      writeFileSync(path.join(types, at), text)
      places.set(at, `${page}:${line}`)
    }
  const tsc = path.join(REPOSITORY, 'node_modules/typescript/bin/tsc')
  const { status, stdout } = spawnSync(process.execPath, [tsc, '--noEmit', '--pretty', 'false', '-p', '.'], {
    cwd: types,
    encoding: 'utf8',
  })
  const told = stdout.replaceAll(
    /^(\S+)\((\d+),\d+\)/gm,
    (whole, file: string, line: string) => `${places.get(file) ?? whole} and ${line} lines`,
  )
  expect(told).toBe('')
  expect(status).toBe(0)
})

test.each([...chinese.keys()])('%s has the code of its English page', (page) => {
  const english = pages.get(page.replace('docs/zh/', 'docs/'))
  expect(english, 'it has no English page').toBeDefined()
  const compared = (all: readonly Block[]) => all.filter(({ kind, hidden }) => kind !== 'shown' && !hidden)
  const own = compared(chinese.get(page) ?? [])
  const wanted = compared(english ?? []).map(withoutComments)
  const further = own.filter(({ marks }) => marks.notRun !== undefined).map(withoutComments)
  const shared = own.map(withoutComments).filter((text) => !further.includes(text) || wanted.includes(text))
  expect(shared).toEqual(wanted)
})

/** What the program says against these arguments; its commands do nothing here. */
async function refusal(args: readonly string[]): Promise<string | undefined> {
  const program = theProgram()
  const all = [program, ...program.commands, ...program.commands.flatMap((command) => command.commands)]
  for (const command of all) {
    command.configureOutput({ writeOut: () => {}, writeErr: () => {} })
    if (command.commands.length === 0) command.action(() => {})
  }
  try {
    await program.parseAsync(args.map(anyValue), { from: 'user' })
    return undefined
  } catch (error) {
    return error instanceof Error && 'exitCode' in error && error.exitCode === 0 ? undefined : String(error)
  }
}

/** A variable may be anything; a number passes most often. */
function anyValue(word: string): string {
  return /^\$\w+$/.test(word) ? '1' : word
}
