// The commands that make a machine a service. First deploy/install.sh is put there, packed (gzip, Base64), then install-service.sh
// starts it with the form's values. Packed and not as text, because `${…}` and `{{…}}` of a shell script mean something to the
// template's functions and to Cloud Assistant, which that way cannot change a byte; in a command of its own, in parts if need
// be, because a command may be 16 KB. Anyone can hold `sha256sum deploy/install.sh` against the digest in the template.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Construct, Fn, type RosParameter, RosPseudo } from '@alicloud/ros-cdk-core'
import { type InstanceGroup, RunCommand, type RunCommandProps } from '@alicloud/ros-cdk-ecs'

/**
 * In Base64, of one command with its values: what the CDK's own documentation of RunCommand says. The API behind it takes 24 KB of
 * commands that are not kept; which of both the template service holds to was not tried, so the smaller one counts.
 */
export const MOST_COMMAND_BYTES = 16 * 1024
/** Of a part, which leaves some hundred bytes for put-script.sh around it. */
const PART_BYTES = 11_600

/** Packages and GPU libraries; the model is downloaded afterwards, by a unit of its own. */
const INSTALL_SECONDS = 3600
const PUT_SECONDS = 120

export const INSTALL_SCRIPT = path.resolve(import.meta.dirname, '../install.sh')

/** `fields` are those of the form that install-service.sh may name. */
export function addInstallation(scope: Construct, machine: InstanceGroup, fields: readonly RosParameter[], script: string): void {
  const digest = createHash('sha256').update(script).digest('hex')
  const parts = pack(script).match(new RegExp(`.{1,${PART_BYTES}}`, 'g')) ?? []
  const values: Record<string, string> = { Digest: digest, Region: Fn.base64Encode(RosPseudo.region) }
  for (const field of fields) values[field.node.id] = Fn.base64Encode(field.valueAsString)
  const installation = new RunCommand(scope, 'Installation', {
    ...command(machine, INSTALL_SECONDS),
    name: 'kinora-install',
    description: 'Installs Kinora and ends when it answers',
    commandContent: fill('install-service.sh', values),
  })
  for (const [i, content] of parts.entries()) {
    const part = new RunCommand(scope, `InstallScript${i + 1}`, {
      ...command(machine, PUT_SECONDS),
      name: 'kinora-put-script',
      description: `Puts part ${i + 1} of ${parts.length} of the installation script on the machine`,
      commandContent: fill('put-script.sh', { Digest: digest, Part: `${i + 1}`, Parts: `${parts.length}`, Content: content }),
    })
    installation.addDependency(part)
  }
}

function command({ attrInstanceIds }: InstanceGroup, timeout: number): Omit<RunCommandProps, 'commandContent'> {
  return {
    type: 'RunShellScript',
    instanceIds: [Fn.select(0, attrInstanceIds)],
    sync: true,
    timeout,
    // Not kept for running it again. What was run is recorded all the same, values included: docs/deploy/cloud.md says so.
    keepCommand: false,
    enableParameter: false,
  }
}

/** A shell file of this folder with its words replaced. */
function fill(name: string, values: Readonly<Record<string, string>>): string {
  const parts = readFileSync(path.join(import.meta.dirname, name), 'utf8').split(/@([A-Za-z]+)@/)
  return Fn.join(
    '',
    parts.map((part, i) => {
      if (i % 2 === 0) return part
      const value = values[part]
      if (value === undefined)
        throw new Error(`${name} has the word @${part}@, for which install.ts has no value: give it one, or take it out`)
      return value
    }),
  )
}

/** gzip's header names the system that it was made on: that byte is made the same everywhere. */
function pack(script: string): string {
  const bytes = gzipSync(script, { level: 9 })
  bytes[9] = 255
  return bytes.toString('base64')
}
