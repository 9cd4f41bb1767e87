// The service definition: what it refers to is there. Whether the marketplace takes it was not tried.

import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'

interface TemplateConfig {
  Name: string
  Url: string
  AllowedRegions: string[]
}

interface Definition {
  Service: {
    RegionId: string
    ServiceInfo: { Locale: string; Name: string; ShortDescription: string }[]
    DeployMetadata: {
      ServiceInstanceNameRule: { Prefix: string }
      SupplierDeployMetadata: { SupplierTemplateConfigs: TemplateConfig[] }
      TemplateConfigs: TemplateConfig[]
    }
    OperationMetadata: {
      StatusOperationConfigs: { TemplateName: string; SupportOperations: string[] }[]
      ModifyParametersConfig: { TemplateName: string; Operation: { Name: string; Parameters: string[] }[] }[]
    }
  }
}

const { Service } = parse(readFileSync(path.join(import.meta.dirname, 'config.yaml'), 'utf8')) as Definition
const { DeployMetadata, OperationMetadata, ServiceInfo } = Service
const templates = DeployMetadata.TemplateConfigs
const names = templates.map(({ Name }) => Name)

it('offers the committed template, for suppliers and for buyers alike, in the region of the service and others', () => {
  for (const { Url, AllowedRegions } of templates) {
    const file = path.resolve(import.meta.dirname, Url)
    expect(existsSync(file), file).toBe(true)
    expect(AllowedRegions).toContain(Service.RegionId)
    for (const region of AllowedRegions) expect(region).toMatch(/^(cn|ap|eu|us)-[a-z]+(-\d)?$/)
  }
  expect(DeployMetadata.SupplierDeployMetadata.SupplierTemplateConfigs).toEqual(templates)
})

it('describes it in both languages', () => {
  expect(ServiceInfo.map(({ Locale }) => Locale)).toEqual(['en-US', 'zh-CN'])
  for (const { Name, ShortDescription } of ServiceInfo) expect([Name, ShortDescription].every((text) => text.trim() !== '')).toBe(true)
  expect(ServiceInfo[1]!.ShortDescription).toMatch(/\p{Script=Han}/u)
})

it('lets an owner start, stop and restart it', () => {
  expect(OperationMetadata.StatusOperationConfigs).toEqual([{ TemplateName: names[0], SupportOperations: ['Start', 'Stop', 'Restart'] }])
})

it('lets an owner change only parameters that the template has', () => {
  const { Parameters } = JSON.parse(readFileSync(path.resolve(import.meta.dirname, templates[0]!.Url), 'utf8')) as { Parameters: object }
  for (const { TemplateName, Operation } of OperationMetadata.ModifyParametersConfig) {
    expect(names).toContain(TemplateName)
    for (const operation of Operation) for (const name of operation.Parameters) expect(Parameters).toHaveProperty(name)
  }
  const changed = OperationMetadata.ModifyParametersConfig.flatMap(({ Operation }) => Operation.flatMap((one) => one.Parameters))
  expect(changed).toContain('EcsInstanceType')
})

it('names instances so that the machine may have their name', () => {
  expect(DeployMetadata.ServiceInstanceNameRule.Prefix).toMatch(/^[a-z][a-z0-9-]{1,30}$/)
})
