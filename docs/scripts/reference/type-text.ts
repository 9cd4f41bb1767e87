// Types and signatures as TypeScript would write them, from TypeDoc's model, whose own short form leaves objects and functions out.

import type { DeclarationReflection, ParameterReflection, SignatureReflection, SomeType, TypeParameterReflection } from 'typedoc'

/** What a page shows without scrolling. */
const MOST_COLUMNS = 72

export function typeText(type: SomeType | undefined): string {
  if (!type) return 'unknown'
  switch (type.type) {
    case 'array':
      return `${inner(type.elementType)}[]`
    case 'intersection':
      return type.types.map(inner).join(' & ')
    case 'union':
      return type.types.map((one) => (isFunction(one) ? `(${typeText(one)})` : typeText(one))).join(' | ')
    case 'typeOperator':
      return `${type.operator} ${inner(type.target)}`
    case 'tuple':
      return `[${(type.elements ?? []).map(typeText).join(', ')}]`
    case 'namedTupleMember':
      return `${type.name}${type.isOptional ? '?' : ''}: ${typeText(type.element)}`
    case 'reference':
      return type.typeArguments && type.typeArguments.length > 0
        ? `${type.name}<${type.typeArguments.map(typeText).join(', ')}>`
        : type.name
    case 'reflection':
      return declarationText(type.declaration)
    default:
      return type.toString()
  }
}

/** `{ a: string; b?: number }` or `(a: string) => void` */
function declarationText({ children = [], signatures = [], indexSignatures = [] }: DeclarationReflection): string {
  const [call] = signatures
  if (call && children.length === 0) return `(${parametersText(call.parameters)}) => ${typeText(call.type)}`
  const index = indexSignatures.map(({ parameters, type }) => `[${parametersText(parameters)}]: ${typeText(type)}`)
  const members = [...index, ...children.map((child) => memberText(child))]
  return members.length === 0 ? '{}' : `{ ${members.join('; ')} }`
}

function memberText({ name, flags, type, signatures }: DeclarationReflection): string {
  const [method] = signatures ?? []
  if (method) return `${name}${flags.isOptional ? '?' : ''}(${parametersText(method.parameters)}): ${typeText(method.type)}`
  return `${flags.isReadonly ? 'readonly ' : ''}${name}${flags.isOptional ? '?' : ''}: ${typeText(type)}`
}

function parametersText(parameters: readonly ParameterReflection[] = []): string {
  return parameters
    .map(({ name, flags, type, defaultValue }) => {
      const optional = flags.isOptional || defaultValue !== undefined
      return `${flags.isRest ? '...' : ''}${name === '__namedParameters' ? 'options' : name}${optional ? '?' : ''}: ${typeText(type)}`
    })
    .join(', ')
}

export function typeParametersText(parameters: readonly TypeParameterReflection[] = []): string {
  if (parameters.length === 0) return ''
  const texts = parameters.map(({ name, type, default: usual }) => {
    return `${name}${type ? ` extends ${typeText(type)}` : ''}${usual ? ` = ${typeText(usual)}` : ''}`
  })
  return `<${texts.join(', ')}>`
}

/** A call of it, over several lines when it is long. `name` may be `static fromPretrained`. */
export function signatureText(name: string, { parameters = [], type, typeParameters }: SignatureReflection): string {
  const result = name.startsWith('new ') ? '' : `: ${typeText(type)}`
  const head = `${name}${typeParametersText(typeParameters)}`
  const short = `${head}(${parametersText(parameters)})${result}`
  if (short.length <= MOST_COLUMNS) return short
  return `${head}(\n${parameters.map((one) => `  ${parametersText([one])},\n`).join('')})${result}`
}

function inner(type: SomeType): string {
  const text = typeText(type)
  return type.type === 'union' || isFunction(type) ? `(${text})` : text
}

function isFunction(type: SomeType): boolean {
  return type.type === 'reflection' && (type.declaration.signatures?.length ?? 0) > 0
}
