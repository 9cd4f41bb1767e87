// What the template does to a machine, done to a bare one with a real systemd: its commands, filled in for a buyer's values and run as
// Cloud Assistant runs them, end with a service at port 80 that lets the buyer in; and with what went wrong, when something does.
// What differs from the cloud: Debian instead of its Ubuntu image, no GPU, and packages from a registry of our own.

import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LocalRegistry, startLocalRegistry } from '../../scripts/registry/local-registry.ts'
import { bootMachine, type Ended, type Machine } from '../test/install-machine.ts'
import { logIn } from '../test/install-visitor.ts'
import { type Json, synthesize } from './template.ts'
import { outputs, REQUIRED, resources, worldOf } from './test/evaluate.ts'

const SCRIPTS = '/usr/local/share/aliyun-assist/work/script'
const BUYER = { name: 'ann@example.com', password: `it's "$HOME" \`id\` \\ & {{x}} !` }
const template = synthesize()

let machine: Machine
let registry: LocalRegistry
let values: Record<string, Json>

beforeAll(async () => {
  registry = await startLocalRegistry({ build: false })
  machine = await bootMachine(process.env.KINORA_DEPLOY_SUITE ?? 'bookworm')
  const form = { SoftwareUserName: BUYER.name, SoftwarePassword: BUYER.password, ModelName: 'demo', NpmRegistry: registry.url }
  values = { ...REQUIRED, ...form }
})
afterAll(async () => {
  await machine?.stop()
  await registry?.stop()
})

let runs = 0

/** Puts the script there, then installs; ends where one of them fails. */
async function deploy(world: Record<string, Json>): Promise<Ended> {
  const { Installation, ...others } = resources(template, worldOf(template, world))
  const puts = Object.entries(others).filter(([name]) => name.startsWith('InstallScript'))
  let ended: Ended = { code: null, output: '' }
  for (const { CommandContent } of [...puts.map(([, put]) => put), Installation!]) {
    const file = `${SCRIPTS}/t-${++runs}.sh`
    mkdirSync(path.join(machine.root, SCRIPTS), { recursive: true })
    writeFileSync(path.join(machine.root, file), CommandContent as string)
    chmodSync(path.join(machine.root, file), 0o755)
    ended = await machine.run(`sh -c ${file}`)
    if (ended.code !== 0) break
  }
  return ended
}

test('an installation that cannot succeed fails, and says why', async () => {
  const { code, output } = await deploy({ ...values, SoftwareVersion: '99.0.0' })
  expect(code, output).toBe(1)
  expect(output).toMatch(/has no @kinora\/cli@99\.0\.0/)
  expect(output).toMatch(/the last lines of/)
})

test('the commands end when the service is there, and the buyer can log in and make a video', async () => {
  const { code, output } = await deploy(values)
  expect(code, output).toBe(0)
  expect(output.trim().split('\n').at(-1)).toMatch(/is ready at http:\/\/127\.0\.0\.1:80/)
  expect(outputs(template, worldOf(template, values)).Endpoint).toBe('http://198.51.100.4')
  const buyer = await logIn('http://127.0.0.1', BUYER)
  const video = await buyer.content(await buyer.makeVideo('a big yellow triangle falling on a navy background'))
  expect(video.subarray(4, 8).toString()).toBe('ftyp')
})

test('neither of them leaves the password on the disk', async () => {
  expect(readFileSync(path.join(machine.root, `${SCRIPTS}/t-${runs}.sh`), 'utf8')).toBe('')
  for (const secret of [BUYER.password, Buffer.from(BUYER.password).toString('base64')]) {
    const { output } = await machine.run('grep -rlsF -f - /etc /root /run /tmp /usr/local /var', { input: secret })
    expect(output).toBe('')
  }
  // The same search finds what is there.
  expect((await machine.run('grep -rlsF -f - /etc/passwd', { input: 'kinora' })).output).toBe('/etc/passwd\n')
})

test('run again, as a change of the stack does, they end well and change nothing', async () => {
  const { code, output } = await deploy(values)
  expect(code, output).toBe(0)
  expect(output).toMatch(/runs already/)
  await logIn('http://127.0.0.1', BUYER)
})
