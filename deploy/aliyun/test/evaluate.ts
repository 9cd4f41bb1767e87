// Evaluates a template's functions as the cloud would for given parameter values: the few that this template uses. For tests; what
// it does not know it refuses, so that a new function cannot slip through untested.

import type { Json, Template } from '../template.ts'

export interface World {
  /** Parameters, and pseudo parameters such as ALIYUN::Region. */
  readonly values: Readonly<Record<string, Json>>
  /** What resources answer, by `Resource.Attribute`. */
  readonly attributes: Readonly<Record<string, Json>>
}

/** Values for what the form has no default for, and for where it is filled in. */
export const REQUIRED: Readonly<Record<string, Json>> = {
  'ALIYUN::Region': 'eu-central-1',
  'ALIYUN::StackName': 'kinora',
  ZoneId: 'eu-central-1a',
  WebAccessCidr: '203.0.113.7/32',
  InstancePassword: 'Abcdefg1',
  SoftwarePassword: 'correct horse',
}

/** What the cloud answers about what it created. */
const CREATED: Readonly<Record<string, Json>> = {
  'Machine.InstanceIds': ['i-1'],
  'Machine.PublicIps': ['198.51.100.4'],
  'Vpc.VpcId': 'vpc-new',
  'VSwitch.VSwitchId': 'vsw-new',
  'SecurityGroup.SecurityGroupId': 'sg-1',
}

/** The defaults of all parameters that have one, below the given values. */
export function worldOf(template: Template, values: Readonly<Record<string, Json>>): World {
  const defaults = Object.entries(template.Parameters!).flatMap(([name, parameter]) => {
    const { Default } = parameter as { Default?: Json }
    return Default === undefined ? [] : [[name, Default] as const]
  })
  return { values: { ...Object.fromEntries(defaults), ...values }, attributes: CREATED }
}

/** A value that is text or a number, as text. */
export function asText(value: Json | undefined): string {
  if (typeof value === 'string' || typeof value === 'number') return `${value}`
  throw new Error(`the template has ${JSON.stringify(value)} where text belongs`)
}

export function evaluate(template: Template, world: World, node: Json): Json {
  if (Array.isArray(node)) return node.map((item) => evaluate(template, world, item))
  if (node === null || typeof node !== 'object') return node
  const [name, ...others] = Object.keys(node)
  const isCall = name !== undefined && others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))
  if (isCall) return call(template, world, name, node[name]!)
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, evaluate(template, world, value)]))
}

function call(template: Template, world: World, name: string, operand: Json): Json {
  const inner = (node: Json) => evaluate(template, world, node)
  const list = Array.isArray(operand) ? operand : [operand]
  switch (name) {
    case 'Ref':
      return known(world.values, asText(operand))
    case 'Fn::GetAtt':
      return known(world.attributes, list.map(asText).join('.'))
    case 'Fn::If':
      return inner(holds(template, world, asText(list[0])) ? list[1]! : list[2]!)
    case 'Fn::Equals':
      return inner(list[0]!) === inner(list[1]!)
    case 'Fn::Not':
      return inner(list[0]!) !== true
    case 'Fn::Join':
      return (inner(list[1]!) as string[]).join(inner(list[0]!) as string)
    case 'Fn::Select':
      return (inner(list[1]!) as Json[])[Number(inner(list[0]!))]!
    case 'Fn::Base64Encode':
      return Buffer.from(inner(operand) as string, 'utf8').toString('base64')
    default:
      throw new Error(`the template uses ${name}, which test/evaluate.ts does not know`)
  }
}

/** Whether a condition of the template is true. */
export function holds(template: Template, world: World, condition: string): boolean {
  return evaluate(template, world, known(template.Conditions!, condition)) === true
}

/** The resources that are created, with the values of their properties. */
export function resources(template: Template, world: World): Record<string, Record<string, Json>> {
  const made = Object.entries(template.Resources!).flatMap(([name, resource]) => {
    const { Condition, Properties } = resource as { Condition?: string; Properties: Json }
    if (Condition !== undefined && !holds(template, world, Condition)) return []
    return [[name, evaluate(template, world, Properties) as Record<string, Json>] as const]
  })
  return Object.fromEntries(made)
}

export function outputs(template: Template, world: World): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(template.Outputs!).map(([name, output]) => [name, evaluate(template, world, (output as { Value: Json }).Value)]),
  )
}

function known(all: Readonly<Record<string, Json>>, name: string): Json {
  const value = all[name]
  if (value === undefined) throw new Error(`the template names ${name}, which does not exist`)
  return value
}
