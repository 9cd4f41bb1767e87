// The library's pages, one for each group (groups.ts): every export with its doc comment, signature and members. TypeDoc reads
// (read-library.ts); the pages are written here, since its own say little in many lines: one table for each type's fields.

import { SCHEDULERS } from 'kinora'
import { type Comment, type DeclarationReflection, ReflectionKind, type SignatureReflection } from 'typedoc'
import { anchor, code, escaped, fence, prose, table } from './markdown.ts'
import type { Page } from './page.ts'
import { readLibrary } from './read-library.ts'
import { signatureText, typeParametersText, typeText } from './type-text.ts'

/** Names of exports -> where they are explained. */
type Places = ReadonlyMap<string, string>

export async function libraryPages(): Promise<Page[]> {
  const library = await readLibrary()
  const names = [...library].flatMap(([group, exports]) => exports.map(({ name }) => ({ name, page: `${group.name}.md` })))
  return [...library].map(([{ name, title, about }, exports]) => {
    const page = `${name}.md`
    const places = new Map(names.map((one) => [one.name, `${one.page === page ? '' : one.page}#${anchor(one.name)}`]))
    const parts = exports.map((one) => entry(one, places))
    return { path: `library/${page}`, title, text: `${[`# ${title}`, prose(about), ...parts].join('\n\n')}\n` }
  })
}

function entry(one: DeclarationReflection, places: Places): string {
  const parts = { [ReflectionKind.Function]: functionParts, [ReflectionKind.Variable]: valueParts, [ReflectionKind.TypeAlias]: aliasParts }
  const body = one.kind in parts ? parts[one.kind as keyof typeof parts](one, places) : memberParts(one, places)
  return [`## ${one.name}`, ...body].filter((part) => part !== '').join('\n\n')
}

function functionParts({ name, signatures = [] }: DeclarationReflection, places: Places): string[] {
  return signatures.flatMap((signature) => callParts(`function ${name}`, signature, places))
}

function valueParts({ name, type, comment }: DeclarationReflection, places: Places): string[] {
  return [fence('ts', `const ${name}: ${typeText(type)}`), text(comment), seeAlso(typeText(type), places, name)]
}

function aliasParts({ name, type, comment, typeParameters }: DeclarationReflection, places: Places): string[] {
  const fields = type?.type === 'reflection' && !type.declaration.signatures ? (type.declaration.children ?? []) : []
  const shown = fence('ts', `type ${name}${typeParametersText(typeParameters)} = ${typeText(type)}`)
  return fields.length > 0 ? [text(comment), fieldTable(fields, places)] : [shown, text(comment), seeAlso(typeText(type), places, name)]
}

/** Of a class or an interface: its own fields in a table, then its own methods. What it takes from others is named. */
function memberParts(one: DeclarationReflection, places: Places): string[] {
  const { parents, taken, own } = heritage(one, places)
  const fields = own.filter(({ signatures }) => !signatures)
  const names = taken.map(({ name, signatures }) => code(`${name}${signatures ? '()' : ''}`))
  return [
    text(one.comment),
    parents.length > 0 ? `Has everything of ${parents.map((name) => linked(name, places)).join(' and ')}: ${names.join(', ')}.` : '',
    fields.length > 0 ? fieldTable(fields, places) : '',
    isScheduler(one) ? configPart(one) : '',
    ...own.flatMap((member) => (member.signatures ? methodParts(one, member, places) : [])),
  ]
}

/** What of its members is explained with another export, and what is its own: that of a parent without a place here, too. */
function heritage(one: DeclarationReflection, places: Places) {
  const isKnown = (name: string) => places.has(name.replace(/[<.].*/, ''))
  const members = (one.children ?? []).filter(({ flags }) => !flags.isExternal)
  if (isScheduler(one)) {
    const own = members.filter(({ kind, flags }) => kind === ReflectionKind.Constructor || flags.isStatic)
    return { parents: ['Scheduler'], taken: members.filter((member) => !own.includes(member)), own }
  }
  const parents = [...(one.extendedTypes ?? []), ...(one.implementedTypes ?? [])].map(typeText).filter(isKnown)
  const isTaken = ({ inheritedFrom, implementationOf }: DeclarationReflection) => isKnown((inheritedFrom ?? implementationOf)?.name ?? '')
  const isHidden = ({ name, kind }: DeclarationReflection) =>
    name.startsWith('#') || (kind === ReflectionKind.Constructor && parents.length > 0)
  const own = members.filter((member) => !isTaken(member) && !isHidden(member) && !(isError(one) && member.name === 'name'))
  return { parents, taken: members.filter((member) => isTaken(member) && !isHidden(member)), own }
}

function isError({ extendedTypes = [] }: DeclarationReflection): boolean {
  return extendedTypes.some((type) => /^\w*Error$/.test(typeText(type)))
}

function isScheduler({ name, kind }: DeclarationReflection): boolean {
  return kind === ReflectionKind.Class && name in SCHEDULERS
}

/** The keys of its config that it knows, where its type names them. */
function configPart({ children = [] }: DeclarationReflection): string {
  const type = children.find(({ name }) => name === 'config')?.type
  const parts = type?.type === 'intersection' ? type.types : type ? [type] : []
  const values = parts.find((part) => part.type === 'reference' && part.name === 'Values')
  const [fields] = values?.type === 'reference' ? (values.typeArguments ?? []) : []
  if (fields?.type !== 'reflection') return ''
  const rows = (fields.declaration.children ?? []).map(({ name, type }) => [
    code(name),
    code(typeText(type).replace(/^Field<(.*)>$/, '$1')),
  ])
  return table(['Key of its config', 'Value'], rows)
}

function methodParts(one: DeclarationReflection, { name, signatures = [], flags, kind }: DeclarationReflection, places: Places): string[] {
  const title = kind === ReflectionKind.Constructor ? `new ${one.name}()` : `${flags.isStatic ? `${one.name}.` : ''}${name}()`
  const head = kind === ReflectionKind.Constructor ? `new ${one.name}` : `${flags.isStatic ? 'static ' : ''}${name}`
  return [
    `### ${title} {#${anchor(`${one.name} ${name}`)}}`,
    ...signatures.flatMap((signature) => callParts(head, signature, places, one.name)),
  ]
}

function callParts(head: string, signature: SignatureReflection, places: Places, own = ''): string[] {
  const shown = signatureText(head, signature)
  const parameters = (signature.parameters ?? []).filter(({ comment }) => comment)
  const rows = parameters.map(({ name, type, comment }) => [code(name), linked(typeText(type), places), text(comment)])
  return [fence('ts', shown), text(signature.comment), rows.length > 0 ? table(['', 'Type', ''], rows) : '', seeAlso(shown, places, own)]
}

function fieldTable(fields: readonly DeclarationReflection[], places: Places): string {
  const rows = fields.map(({ name, flags, type, getSignature, signatures, comment }) => [
    `${code(name)}${flags.isOptional ? ' ?' : ''}`,
    signatures ? code(signatureText(name, signatures[0]!).replaceAll(/\n\s*/g, ' ')) : linked(typeText(type ?? getSignature?.type), places),
    text(comment ?? getSignature?.comment ?? signatures?.[0]?.comment),
  ])
  return table(['Name', 'Type', 'Meaning'], rows)
}

/** A type as one piece of code, with a link at each name that is explained somewhere. */
function linked(type: string, places: Places): string {
  const parts = type.split(/("[^"]*"|[A-Za-z_]\w*)/)
  if (!parts.some((part) => places.has(part))) return code(type)
  const shown = parts.map((part) => {
    const place = places.get(part)
    return place === undefined ? escaped(part) : `<a href="${place.replace('.md', '.html')}">${part}</a>`
  })
  return `<code v-pre>${shown.join('')}</code>`
}

/** The names in a signature that are explained elsewhere: code blocks hold no links. */
function seeAlso(shown: string, places: Places, own = ''): string {
  const names = [...new Set(shown.replaceAll(/"[^"]*"/g, '').match(/\b[A-Z]\w+/g) ?? [])].filter((name) => places.has(name) && name !== own)
  return names.length === 0 ? '' : `See ${names.map((name) => `[${code(name)}](${places.get(name)})`).join(', ')}.`
}

function text(comment: Comment | undefined): string {
  if (!comment) return ''
  const summary = comment.summary.map((part) => part.text).join('')
  const tags = comment.blockTags.map(({ tag, content }) => `${tag.slice(1)}: ${content.map((part) => part.text).join('')}`)
  return [summary, ...tags].map((part) => prose(part.trim())).join('\n\n')
}
