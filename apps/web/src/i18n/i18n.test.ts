// Whether the languages say the same: no text is missing, empty, left in English, or used nowhere.
//
// How uses are found: every source is parsed, and its string literals and template literals are what a key may be named by
// (a template's holes stand for one part of a key, between two dots). A namespace is a folder's name; its keys may be named in
// that folder, or in a file that names the namespace. Sentences for errors are found by codes, which the service gives as well.

import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'vite'
import { describe, expect, test } from 'vitest'
import en from './en/index.ts'
import zh from './zh/index.ts'

const FORMS = ['zero', 'one', 'two', 'few', 'many', 'other']
const PLURAL = new RegExp(`_(${FORMS.join('|')})$`)

type Texts = ReadonlyMap<string, string>

const SRC = fileURLToPath(new URL('..', import.meta.url))
/** Names and codes, which are the same in every language. */
const NAMES = new Set('API Apache CFG Ctrl Enter fps GIF ID Kinora LoRA LoRAs MP4 OpenAI Shift URL WebM zeroscope'.split(' '))

/** Examples of prompts, which are English on every page. */
const PROMPTS = new Set(['create:prompt.placeholder', 'create:options.negative_prompt.none', 'queue:batch.placeholder'])

const ENGLISH = flat(en)
const CHINESE = flat(zh)
const SOURCES = sources()
const SERVER = fileURLToPath(new URL('../../../server/src/', import.meta.url))

describe('both languages', () => {
  test('have the same namespaces and keys', () => {
    expect([...bases(CHINESE)].sort()).toEqual([...bases(ENGLISH)].sort())
  })

  test('have the plural forms that they need: one and other in English, other in Chinese; zero in both or none', () => {
    const wrong = [...bases(ENGLISH)].filter((base) => {
      const forms = `${formsOf(ENGLISH, base).join()} ${formsOf(CHINESE, base).join()}`
      const isPlain = ENGLISH.has(base) && CHINESE.has(base)
      return isPlain ? forms !== ' ' : !['one,other other', 'zero,one,other zero,other'].includes(forms)
    })
    expect(wrong).toEqual([])
  })

  test('have the same holes and marks in each text', () => {
    const wrong = [...bases(ENGLISH)].filter((base) => holesOf(ENGLISH, base) !== holesOf(CHINESE, base))
    expect(wrong.map((base) => `${base}: ${holesOf(ENGLISH, base)} / ${holesOf(CHINESE, base)}`)).toEqual([])
  })

  test('have no empty text', () => {
    expect([...ENGLISH, ...CHINESE].filter(([, text]) => text.trim() === '')).toEqual([])
  })

  test('say nothing in Chinese that is still English', () => {
    const same = [...CHINESE].filter(([key, text]) => ENGLISH.get(key) === text && !PROMPTS.has(key))
    expect(same.filter(([, text]) => wordsOf(text).some((word) => !NAMES.has(word)))).toEqual([])
  })
})

describe('every text', () => {
  test('is used', () => {
    const unused = [...bases(ENGLISH)].filter((base) => {
      const [namespace, key] = split(base)
      return namespace !== 'errors' && !SOURCES.some((source) => mayName(source, namespace) && names(source, key, base))
    })
    expect(unused).toEqual([])
  })

  test('for an error has a code that somebody gives', () => {
    const codes = [...ENGLISH.keys()].filter((key) => key.startsWith('errors:')).map((key) => split(key)[1])
    const server = filesOf(SERVER).map((name) => readFileSync(SERVER + name, 'utf8'))
    const isGiven = (code: string) =>
      SOURCES.some(({ literals }) => literals.has(code)) || server.some((text) => text.includes(`'${code}'`))
    expect(codes.filter((code) => !isGiven(code))).toEqual([])
  })

  test('that is not used is found, and that a template names is not', () => {
    const source = read(`t(\`rules.\${name}\`) + (<p title="plain">{t(one ? 'a.b' : \`c\`)}</p>)`, 'help/X.tsx')
    const isNamed = (key: string) => names(source, key, `help:${key}`)
    expect(['rules.harm', 'a.b', 'c', 'plain'].filter((key) => !isNamed(key))).toEqual([])
    expect(['rules', 'rules.', 'rules.harm.text', 'xrules.harm', 'a', 'b'].filter(isNamed)).toEqual([])
    expect(names(read('t("help:a.b")', 'app/X.tsx'), 'a.b', 'help:a.b')).toBe(true)
  })
})

/** By `namespace:key.of.it`. */
function flat(namespaces: object): Texts {
  const texts = new Map<string, string>()
  const add = (prefix: string, value: unknown) => {
    if (typeof value === 'string') texts.set(prefix, value)
    else if (typeof value === 'object' && value !== null)
      for (const [name, inner] of Object.entries(value)) add(`${prefix}${prefix.includes(':') ? '.' : ':'}${name}`, inner)
  }
  for (const [namespace, value] of Object.entries(namespaces)) {
    for (const [name, inner] of Object.entries(value as object)) add(`${namespace}:${name}`, inner)
  }
  return texts
}

/** Keys without their plural form. */
function bases(texts: Texts): Set<string> {
  return new Set([...texts.keys()].map((key) => key.replace(PLURAL, '')))
}

/** Plural forms of a text; none for one that counts nothing. */
function formsOf(texts: Texts, base: string): string[] {
  return FORMS.filter((form) => texts.has(`${base}_${form}`))
}

/** What stands in braces or angle brackets; "one video" need not say the number. */
function holesOf(texts: Texts, base: string): string {
  const keys = [base, ...FORMS.map((form) => `${base}_${form}`)]
  const found = keys.flatMap((key) => texts.get(key)?.match(/\{\{[^}]*\}\}|<\/?\w+\s*\/?>/g) ?? [])
  return [...new Set(found)].sort().join(' ')
}

function wordsOf(text: string): string[] {
  return text.replace(/\{\{[^}]*\}\}|<code>.*?<\/code>|<[^>]*>/g, ' ').match(/[A-Za-z][A-Za-z0-9]+/g) ?? []
}

function split(base: string): [namespace: string, key: string] {
  const colon = base.indexOf(':')
  return [base.slice(0, colon), base.slice(colon + 1)]
}

interface Source {
  readonly folder: string
  readonly literals: ReadonlySet<string>
  readonly patterns: readonly RegExp[]
}

function sources(): Source[] {
  const wanted = filesOf(SRC).filter((name) => !/^i18n\/(en|zh)\//.test(name))
  return wanted.map((name) => read(readFileSync(SRC + name, 'utf8'), name))
}

/** TypeScript that is no test. */
function filesOf(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'))
  return names.filter((name) => /\.tsx?$/.test(name) && !/\.(test|d)\.ts$/.test(name))
}

function read(code: string, name: string): Source {
  const { program, errors } = parseSync(name, code)
  if (errors.length > 0) throw new Error(`${name} cannot be parsed: ${errors[0]?.message}`)
  const literals = new Set<string>()
  const patterns = new Set<string>()
  const walk = (node: unknown) => {
    if (Array.isArray(node)) for (const inner of node) walk(inner)
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return
    if ('type' in node && node.type === 'Literal' && 'value' in node && typeof node.value === 'string') literals.add(node.value)
    if ('type' in node && node.type === 'TemplateLiteral' && 'quasis' in node) patterns.add(patternOf(node.quasis as Quasi[]))
    for (const inner of Object.values(node)) walk(inner)
  }
  walk(program)
  return { folder: name.split('/')[0]!, literals, patterns: [...patterns].map((pattern) => new RegExp(`^${pattern}$`)) }
}

interface Quasi {
  readonly value: { readonly cooked: string }
}

/** Without a word of its own a template names nothing. */
function patternOf(quasis: readonly Quasi[]): string {
  const parts = quasis.map(({ value }) => value.cooked)
  return parts.some((part) => /\w/.test(part)) ? parts.map(escaped).join('[^.]+') : '(?!)'
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

function names({ literals, patterns }: Source, key: string, base: string): boolean {
  return literals.has(key) || literals.has(base) || patterns.some((pattern) => pattern.test(key) || pattern.test(base))
}

function mayName({ folder, literals, patterns }: Source, namespace: string): boolean {
  if (namespace === 'common' || folder === namespace || literals.has(namespace)) return true
  return patterns.some((pattern) => pattern.source.includes(`${namespace}:`))
}
