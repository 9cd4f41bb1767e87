// The whole template, as an object. It is made offline by the vendor's CDK, which checks every property of every resource; whether
// the cloud accepts it has not been tried, since this needs an account there.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { App, Stack } from '@alicloud/ros-cdk-core'
import { letCdkRun } from './cdk-on-node-24.ts'
import { addInstallation, INSTALL_SCRIPT } from './install.ts'
import { addInterface } from './interface.ts'
import { addMachine } from './machine.ts'
import { addNetwork } from './network.ts'
import { addOutputs } from './outputs.ts'
import { advancedParameters } from './parameters/advanced.ts'
import { chargeParameters } from './parameters/charge.ts'
import { machineParameters } from './parameters/machine.ts'
import { networkParameters } from './parameters/network.ts'
import { serviceParameters } from './parameters/service.ts'

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type Template = Record<string, { [key: string]: Json }>

/** `script` is what the machine runs: deploy/install.sh, or another one to see what that would be told. */
export function synthesize(script: string = readFileSync(INSTALL_SCRIPT, 'utf8')): Template {
  letCdkRun()
  const outdir = mkdtempSync(path.join(tmpdir(), 'kinora-template-'))
  try {
    const app = new App({ outdir, treeMetadata: false, stackTraces: false })
    describeStack(new Stack(app, 'Kinora'), script)
    return app.synth().getStackByName('Kinora').template as Template
  } finally {
    rmSync(outdir, { recursive: true, force: true })
  }
}

function describeStack(stack: Stack, script: string): void {
  addInterface(stack)
  const charge = chargeParameters(stack)
  const machine = machineParameters(stack)
  const service = serviceParameters(stack)
  const advanced = advancedParameters(stack, softwareVersion())
  const zone = networkParameters(stack)
  const network = addNetwork(stack, zone, service)
  const group = addMachine(stack, { charge, machine, zone, network })
  addInstallation(stack, group, [...Object.values(service), ...Object.values(advanced)], script)
  addOutputs(stack, group, service)
}

/** The version of the service's package beside this template. */
function softwareVersion(): string {
  const file = path.resolve(import.meta.dirname, '../../apps/server/package.json')
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string }
  return version
}
