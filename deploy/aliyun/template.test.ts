// The template as the cloud reads it: every field of the form with its rule, what is created for which values, what is put out,
// and that the committed file is what the program makes. The table of fields is the hosted service's, which this one takes over.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { presetNamed } from '../../packages/kinora/src/checkpoint/presets.ts'
import { GROUPS } from './interface.ts'
import { fieldValue } from './parameters/parameter.ts'
import { INSTANCE_PASSWORD, SOFTWARE_PASSWORD, SOFTWARE_USER_NAME } from './parameters/password.ts'
import { HOST_NAME_OR_NONE, IPV4_RANGE, PRIVATE_RANGE, SOURCE, VERSION } from './parameters/patterns.ts'
import { type Json, synthesize, type Template } from './template.ts'
import { asText, evaluate, holds, outputs, REQUIRED, resources, worldOf } from './test/evaluate.ts'

type Tree = Record<string, Json>
const template = synthesize()
const parameters = template.Parameters as Record<string, Tree>
const made = (values: Tree = {}) => resources(template, worldOf(template, { ...REQUIRED, ...values }))
const shown = (values: Tree = {}) => outputs(template, worldOf(template, { ...REQUIRED, ...values }))
const EXISTING = { VpcOption: 'ExistingVPC', VpcId: 'vpc-mine', VSwitchId: 'vsw-mine' }

describe('the form', () => {
  it.each<[row: string, name: string, what: Tree]>([
    ['charge type', 'PayType', { AllowedValues: ['PostPaid', 'PrePaid'], Default: 'PostPaid', AssociationProperty: 'ChargeType' }],
    ['charge type: unit', 'PayPeriodUnit', { AllowedValues: ['Month', 'Year'], Default: 'Month', AssociationProperty: 'PayPeriodUnit' }],
    [
      'charge type: length',
      'PayPeriod',
      { Type: 'Number', AllowedValues: [1, 2, 3, 4, 5, 6, 7, 8, 9], Default: 1, AssociationProperty: 'PayPeriod' },
    ],
    ['instance type', 'EcsInstanceType', { Default: 'ecs.gn6i-c8g1.2xlarge', AssociationProperty: 'ALIYUN::ECS::Instance::InstanceType' }],
    [
      'instance password',
      'InstancePassword',
      {
        NoEcho: true,
        AllowedPattern: INSTANCE_PASSWORD,
        MinLength: 8,
        MaxLength: 30,
        AssociationProperty: 'ALIYUN::ECS::Instance::Password',
      },
    ],
    ['software user name', 'SoftwareUserName', { Default: 'admin', AllowedPattern: SOFTWARE_USER_NAME }],
    [
      'software password',
      'SoftwarePassword',
      { NoEcho: true, Confirm: true, AllowedPattern: SOFTWARE_PASSWORD, MinLength: 8, MaxLength: 256 },
    ],
    ['model', 'ModelName', { Default: 'ms-1.7b', AllowedValues: ['ms-1.7b', 'zeroscope-v2-576w', 'demo'] }],
    ['who may open the page', 'WebAccessCidr', { AllowedPattern: IPV4_RANGE }],
    ['domain', 'DomainName', { Default: '', AllowedPattern: HOST_NAME_OR_NONE }],
    ['version', 'SoftwareVersion', { AllowedPattern: VERSION }],
    ['npm registry', 'NpmRegistry', { Default: 'auto', AllowedPattern: SOURCE }],
    ['model hub', 'ModelHub', { Default: 'auto', AllowedPattern: SOURCE }],
    ['vSwitch zone', 'ZoneId', { AssociationProperty: 'ALIYUN::ECS::Instance::ZoneId' }],
    ['new or existing network', 'VpcOption', { AllowedValues: ['NewVPC', 'ExistingVPC'], Default: 'NewVPC' }],
    [
      'VPC IPv4 block',
      'VpcCidrBlock',
      { Default: '192.168.0.0/16', AllowedPattern: PRIVATE_RANGE, AssociationProperty: 'ALIYUN::VPC::VPC::CidrBlock' },
    ],
    [
      'vSwitch IPv4 block',
      'VSwitchCidrBlock',
      { Default: '192.168.1.0/24', AllowedPattern: PRIVATE_RANGE, AssociationProperty: 'ALIYUN::VPC::VSwitch::CidrBlock' },
    ],
    ['VPC id', 'VpcId', { Default: '', AssociationProperty: 'ALIYUN::ECS::VPC::VPCId' }],
    ['vSwitch id', 'VSwitchId', { Default: '', AssociationProperty: 'ALIYUN::ECS::VSwitch::VSwitchId' }],
  ])('asks for the %s', (_, name, what) => expect(parameters[name]).toMatchObject(what))

  it('has no other field, and shows each in one group: zone and network last', () => {
    expect(GROUPS.flatMap(({ fields }) => fields).toSorted()).toEqual(Object.keys(parameters).toSorted())
    expect(GROUPS.at(-1)!.fields).toEqual(['ZoneId', 'VpcOption', 'VpcCidrBlock', 'VSwitchCidrBlock', 'VpcId', 'VSwitchId'])
    const { ParameterGroups } = (template.Metadata as Record<string, Tree>)['ALIYUN::ROS::Interface']!
    expect((ParameterGroups as Tree[]).map((group) => group.Parameters)).toEqual(GROUPS.map(({ fields }) => fields))
  })

  it('asks only what has no sensible default', () => {
    const asked = Object.keys(parameters).filter((name) => parameters[name]!.Default === undefined)
    expect(asked.toSorted()).toEqual(['InstancePassword', 'SoftwarePassword', 'WebAccessCidr', 'ZoneId'])
  })

  it('has defaults that its own rules take', () => {
    for (const [name, { Default, AllowedPattern, AllowedValues }] of Object.entries(parameters)) {
      if (Default === undefined) continue
      if (AllowedPattern !== undefined) expect(asText(Default), name).toMatch(new RegExp(asText(AllowedPattern)))
      if (AllowedValues !== undefined) expect(AllowedValues, name).toContain(Default)
    }
  })

  it('offers T4 and A10 machines that are in stock for the charge type, and zones that have them', () => {
    expect(parameters.EcsInstanceType!.AssociationPropertyMetadata).toEqual({
      InstanceChargeType: fieldValue('PayType'),
      Constraints: { InstanceTypeFamily: ['ecs.gn6i', 'ecs.gn7i'] },
    })
    const type = new RegExp(parameters.EcsInstanceType!.AllowedPattern as string)
    for (const yes of ['ecs.gn6i-c4g1.xlarge', 'ecs.gn6i-c24g1.24xlarge', 'ecs.gn7i-c8g1.2xlarge', 'ecs.gn7i-2x.8xlarge'])
      expect(yes).toMatch(type)
    for (const no of ['ecs.g7.large', 'ecs.gn5-c4g1.xlarge', 'ecs.gn8i-c8g1.2xlarge', 'ecs.gn6i', '']) expect(no).not.toMatch(type)
    expect(parameters.ZoneId!.AssociationPropertyMetadata).toMatchObject({
      InstanceType: fieldValue('EcsInstanceType'),
      InstanceChargeType: fieldValue('PayType'),
    })
    expect(parameters.VSwitchId!.AssociationPropertyMetadata).toMatchObject({ VpcId: fieldValue('VpcId'), ZoneId: fieldValue('ZoneId') })
  })

  it.each([
    ['PayPeriodUnit', { PayType: 'PrePaid' }, { PayType: 'PostPaid' }],
    ['PayPeriod', { PayType: 'PrePaid' }, { PayType: 'PostPaid' }],
    ['VpcCidrBlock', { VpcOption: 'NewVPC' }, { VpcOption: 'ExistingVPC' }],
    ['VSwitchCidrBlock', { VpcOption: 'NewVPC' }, { VpcOption: 'ExistingVPC' }],
    ['VpcId', { VpcOption: 'ExistingVPC' }, { VpcOption: 'NewVPC' }],
    ['VSwitchId', { VpcOption: 'ExistingVPC' }, { VpcOption: 'NewVPC' }],
  ])('shows and requires %s only with %j', (name, yes, no) => {
    const { Required, AssociationPropertyMetadata } = parameters[name]!
    const { Visible } = AssociationPropertyMetadata as { Visible: { Condition: Json } }
    for (const condition of [Visible.Condition, Required!]) {
      expect(inForm(condition, yes)).toBe(true)
      expect(inForm(condition, no)).toBe(false)
    }
  })

  it('says everything in English and in Chinese', () => {
    const texts = textsOf(template)
    expect(texts.length).toBeGreaterThan(70)
    for (const { en, 'zh-cn': zh, ...rest } of texts) {
      expect(Object.keys(rest)).toEqual([])
      expect(asText(en).trim()).toMatch(/^[\x20-\x7e’]+$/)
      expect(asText(zh).trim()).not.toBe('')
      if (!/^[\x20-\x7e]+$/.test(asText(zh))) expect(asText(zh)).toMatch(/\p{Script=Han}/u)
    }
    for (const [name, { Label, Description, AllowedPattern, ConstraintDescription }] of Object.entries(parameters)) {
      for (const text of [Label, Description, ...(AllowedPattern === undefined ? [] : [ConstraintDescription])])
        expect(text, name).toHaveProperty('zh-cn')
    }
    for (const output of Object.values(template.Outputs!)) for (const key of ['Label', 'Description']) expect(output).toHaveProperty(key)
  })

  it('is explained in the documentation, field by field', () => {
    const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/deploy/cloud.md'), 'utf8')
    const rows = page.split('\n').filter((line) => line.startsWith('|'))
    for (const name of Object.keys(parameters)) expect(rows.filter((row) => row.includes(`\`${name}\``)).length, name).toBe(1)
  })

  it('shows the licence of each model that it offers', () => {
    const { AllowedValues, AssociationPropertyMetadata } = parameters.ModelName!
    const { ValueLabelMapping } = AssociationPropertyMetadata as { ValueLabelMapping: Record<string, { en: string; 'zh-cn': string }> }
    expect(Object.keys(ValueLabelMapping)).toEqual(AllowedValues)
    for (const [name, label] of Object.entries(ValueLabelMapping)) {
      const licence = name === 'demo' ? 'Apache 2.0' : 'CC BY-NC 4.0'
      for (const text of Object.values(label)) expect(text).toContain(licence)
      if (name !== 'demo') expect(presetNamed(name)?.license).toBe('cc-by-nc-4.0')
    }
  })
})

describe('what is created', () => {
  it('is a network of its own by default', () => {
    const { Vpc, VSwitch, Machine, SecurityGroup } = made({
      ZoneId: 'cn-hangzhou-i',
      VpcCidrBlock: '10.0.0.0/8',
      VSwitchCidrBlock: '10.1.0.0/16',
    })
    expect(Vpc).toMatchObject({ CidrBlock: '10.0.0.0/8' })
    expect(VSwitch).toMatchObject({ CidrBlock: '10.1.0.0/16', VpcId: 'vpc-new', ZoneId: 'cn-hangzhou-i' })
    expect(Machine).toMatchObject({ VpcId: 'vpc-new', VSwitchId: 'vsw-new', ZoneId: 'cn-hangzhou-i' })
    expect(SecurityGroup).toMatchObject({ VpcId: 'vpc-new' })
  })

  it('is in the network that one has when that is chosen', () => {
    const { Vpc, VSwitch, Machine, SecurityGroup } = made(EXISTING)
    expect([Vpc, VSwitch]).toEqual([undefined, undefined])
    expect(Machine).toMatchObject({ VpcId: 'vpc-mine', VSwitchId: 'vsw-mine' })
    expect(SecurityGroup).toMatchObject({ VpcId: 'vpc-mine' })
  })

  it('is one machine with a GPU driver, 200 GiB of ESSD PL0, and an address that can download', () => {
    expect(made({ EcsInstanceType: 'ecs.gn7i-c8g1.2xlarge', InstancePassword: 'Zyxwvut9' }).Machine).toMatchObject({
      MaxAmount: 1,
      InstanceType: 'ecs.gn7i-c8g1.2xlarge',
      ImageId: 'ubuntu_24_04_x64_100G_with_gpu_driver_and_cuda',
      Password: 'Zyxwvut9',
      SystemDiskCategory: 'cloud_essd',
      SystemDiskPerformanceLevel: 'PL0',
      SystemDiskSize: 200,
      AllocatePublicIP: true,
      InternetChargeType: 'PayByTraffic',
      InternetMaxBandwidthOut: 100,
      SecurityGroupId: 'sg-1',
    })
  })

  it.each([
    ['PostPaid', 'Month', 1],
    ['PrePaid', 'Year', 3],
  ])('is paid for as chosen: %s %s %i', (PayType, PayPeriodUnit, PayPeriod) => {
    const { Machine } = made({ PayType, PayPeriodUnit, PayPeriod })
    expect(Machine).toMatchObject({ InstanceChargeType: PayType, PeriodUnit: PayPeriodUnit, Period: PayPeriod })
  })

  it('lets the chosen addresses in to port 80, and nobody to anything else', () => {
    expect(openings({})).toEqual(['tcp 80/80 from 203.0.113.7/32'])
    expect(openings({ WebAccessCidr: '0.0.0.0/0' })).toEqual(['tcp 80/80 from 0.0.0.0/0'])
  })

  it('lets them in to port 443 with a domain, and everyone to 80 for its certificate', () => {
    expect(openings({ DomainName: 'video.example.com' })).toEqual(['tcp 443/443 from 203.0.113.7/32', 'tcp 80/80 from 0.0.0.0/0'])
  })

  it('is done when the installation has ended, which comes after its script was put there', () => {
    const all = template.Resources as Record<string, { DependsOn?: Json; Type: string; Properties: Tree }>
    const commands = Object.entries(all).filter(([, { Type }]) => Type === 'ALIYUN::ECS::RunCommand')
    const puts = commands.map(([name]) => name).filter((name) => name.startsWith('InstallScript'))
    expect([all.Installation!.DependsOn].flat()).toEqual(puts)
    expect(puts.length).toBe(commands.length - 1)
    for (const [, { Properties }] of commands)
      expect(Properties).toMatchObject({ Type: 'RunShellScript', Sync: true, KeepCommand: false, EnableParameter: false })
    expect(all.Installation!.Properties.Timeout).toBe(3600)
    expect(made().Installation!.InstanceIds).toEqual(['i-1'])
  })
})

describe('what is shown in the end', () => {
  it('is where to go, who logs in and where logs are', () => {
    expect(shown({ SoftwareUserName: 'ann' })).toEqual({
      Endpoint: 'http://198.51.100.4',
      PublicIp: '198.51.100.4',
      UserName: 'ann',
      Logs: 'journalctl -u kinora -u kinora-worker',
    })
    expect(shown({ DomainName: 'video.example.com' }).Endpoint).toBe('https://video.example.com')
  })

  it('and neither password', () => {
    const text = JSON.stringify(shown({ SoftwarePassword: 'seven secrets', InstancePassword: 'Xsecret99' }))
    expect(text).not.toMatch(/secret/)
  })
})

describe('the file', () => {
  it('names nothing that does not exist, and has no parameter or condition in vain', () => {
    const refs = find(template, 'Ref') as string[]
    const names = new Set([...Object.keys(parameters), ...Object.keys(template.Resources!)])
    for (const ref of refs) expect(names.has(ref) || ['ALIYUN::StackName', 'ALIYUN::Region'].includes(ref), ref).toBe(true)
    for (const [resource] of find(template, 'Fn::GetAtt') as string[][]) expect(template.Resources).toHaveProperty(resource!)
    const conditions = [...find(template, 'Condition'), ...(find(template, 'Fn::If') as Json[][]).map(([name]) => name!)].filter(
      (name) => typeof name === 'string',
    )
    expect(new Set(conditions)).toEqual(new Set(Object.keys(template.Conditions!)))
    for (const name of Object.keys(parameters)) expect(refs, name).toContain(name)
  })

  it('is what is committed', () => {
    const committed = JSON.parse(readFileSync(path.join(import.meta.dirname, 'out/kinora.template.json'), 'utf8')) as Template
    expect(unpacked(committed), 'run npm run deploy:aliyun and commit its file').toEqual(unpacked(template))
  })

  it('is the same every time', () => {
    expect(JSON.stringify(synthesize())).toBe(JSON.stringify(template))
    expect(template.ROSTemplateFormatVersion).toBe('2015-09-01')
  })

  it('is read by these tests as the cloud would: both branches of every condition occur above', () => {
    for (const [values, expected] of [
      [{}, [true, false]],
      [{ ...EXISTING, DomainName: 'a.io' }, [false, true]],
    ] as const) {
      const world = worldOf(template, { ...REQUIRED, ...values })
      expect(Object.keys(template.Conditions!).map((name) => holds(template, world, name))).toEqual(expected)
    }
  })
})

/** A condition of the form, where `${Name}` is a field's value. */
function inForm(condition: Json, values: Readonly<Tree>): Json {
  const filled = JSON.parse(JSON.stringify(condition).replace(/\$\{(\w+)\}/g, (_, name: string) => asText(values[name]))) as Json
  return evaluate(template, worldOf(template, REQUIRED), filled)
}

function openings(values: Tree): string[] {
  const { SecurityGroup, CertificateIngress } = made(values)
  const rules = [...(SecurityGroup!.SecurityGroupIngress as Tree[]), ...(CertificateIngress ? [CertificateIngress] : [])]
  return rules.map(({ IpProtocol, PortRange, SourceCidrIp }) => `${asText(IpProtocol)} ${asText(PortRange)} from ${asText(SourceCidrIp)}`)
}

/** The operands of a function, or the values of a key, wherever they are. */
function find(node: Json | Template, key: string): Json[] {
  if (Array.isArray(node)) return node.flatMap((item) => find(item, key))
  if (node === null || typeof node !== 'object') return []
  return Object.entries(node).flatMap(([name, value]) => [...(name === key ? [value] : []), ...find(value, key)])
}

function textsOf(node: Json | Template): Tree[] {
  if (Array.isArray(node)) return node.flatMap(textsOf)
  if (node === null || typeof node !== 'object') return []
  return 'en' in node ? [node] : Object.values(node).flatMap(textsOf)
}

/** Compression differs by the version of zlib: what is packed counts, not how. */
function unpacked(from: Template): { digest: string; rest: Json } {
  const packed: string[] = []
  const rest = JSON.stringify(from).replace(/(<<'PART'\\n)([^\\]+)/g, (_, before: string, content: string) => {
    packed.push(content)
    return before
  })
  const script = gunzipSync(Buffer.from(packed.join(''), 'base64'))
  return { digest: createHash('sha256').update(script).digest('hex'), rest: JSON.parse(rest) as Json }
}
