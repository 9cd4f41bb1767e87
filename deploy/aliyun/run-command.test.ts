// What the cloud runs on the machine, run for real in bash: the form's values reach the installation unchanged whatever they are,
// the installation is deploy/install.sh byte for byte, and its end is the command's end. Instead of the installation itself
// (which deploy/test/ runs in a real root) a script is put there that tells what it was given.

import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { INSTALL_SCRIPT, MOST_COMMAND_BYTES } from './install.ts'
import { type Json, synthesize, type Template } from './template.ts'
import { REQUIRED, resources, worldOf } from './test/evaluate.ts'

const TEMP = mkdtempSync(path.join(tmpdir(), 'kinora-run-command-'))
afterAll(() => rmSync(TEMP, { recursive: true, force: true }))

/** Tells its arguments and its environment in files, each ended by a zero byte; then ends as it is told. */
const RECORDER = `#!/bin/bash
printf '%s\\0' "$@" >"$RECORD.arguments"
env -0 >"$RECORD.environment"
cp "$0" "$RECORD.script"
echo "Kinora 1 is ready"
exit "\${RECORD_STATUS:-0}"
`
const recording = synthesize(RECORDER)

interface Commands {
  /** Those that put the parts there, in order. */
  put: string[]
  install: string
}

function commandsOf(template: Template, values: Record<string, Json> = {}): Commands {
  const made = resources(template, worldOf(template, { ...REQUIRED, ...values }))
  const content = (name: string) => made[name]!.CommandContent as string
  const put = Object.keys(made).filter((name) => name.startsWith('InstallScript'))
  return { put: put.map(content), install: content('Installation') }
}

/** As Cloud Assistant does it: files that all may read, each started by `sh -c`. */
function run({ put, install }: Commands, status = 0) {
  const folder = mkdtempSync(path.join(TEMP, 'run-'))
  const record = path.join(folder, 'record')
  const { PATH } = process.env
  // Other users see the arguments of programs: those of the one that handles values are noted.
  writeFileSync(path.join(folder, 'base64'), `#!/bin/sh\necho "$@" >>"$RECORD.programs"\nPATH=\${PATH#*:} exec base64 "$@"\n`, {
    mode: 0o755,
  })
  const env = {
    PATH: `${folder}:${PATH}`,
    TMPDIR: folder,
    RECORD: record,
    RECORD_STATUS: String(status),
    KINORA_INSTALL_FOLDER: path.join(folder, 'install'),
  }
  const files = [...put, install].map((command, i) => {
    const file = path.join(folder, `t-${i}.sh`)
    writeFileSync(file, command)
    chmodSync(file, 0o755)
    return file
  })
  const done = files.map((file) => spawnSync('sh', ['-c', file], { env, encoding: 'utf8' }))
  for (const { status: ended, stderr } of done.slice(0, -1)) expect([ended, stderr]).toEqual([0, ''])
  const told = (what: string) => (existsSync(`${record}.${what}`) ? readFileSync(`${record}.${what}`, 'utf8') : '')
  const { stdout, stderr, status: ended } = done.at(-1)!
  return {
    folder,
    file: files.at(-1)!,
    stdout,
    stderr,
    status: ended,
    script: told('script'),
    programs: new Set(told('programs').trim().split('\n')),
    arguments: told('arguments').split('\0').slice(0, -1),
    environment: Object.fromEntries(
      told('environment')
        .split('\0')
        .map((line) => [line.split('=', 1)[0], line.slice(line.indexOf('=') + 1)]),
    ),
  }
}

const NASTY = [
  `'"'"'; touch /tmp/kinora-was-here; "; touch /tmp/kinora-was-here; '; exit 0; '`,
  `$(touch /tmp/kinora-was-here) \`touch /tmp/kinora-was-here\` \${HOME} $HOME $$ $! !! !$ #not a comment`,
  "\\\\ \\n \\x41 \\' %s%n%d {{oos-secret:x}} {{ name }} @SoftwareUserName@ @Content@ *?[a-z]{1,2}~",
  '-n -e --help\\',
  '~'.repeat(256),
  String.fromCharCode(...Array.from({ length: 94 }, (_, i) => i + 33)),
]

it.each(NASTY)('brings the password %j unchanged, and only in the environment', (password) => {
  const { status, environment, programs, stdout, stderr, ...told } = run(commandsOf(recording, { SoftwarePassword: password }))
  expect([status, stderr, stdout]).toEqual([0, '', 'Kinora 1 is ready\n'])
  expect(environment.KINORA_ADMIN_PASSWORD).toBe(password)
  expect(told.arguments.join(' ')).not.toContain(password)
  expect(programs).toEqual(new Set(['-d']))
  expect(existsSync('/tmp/kinora-was-here')).toBe(false)
})

it('leaves nothing of the password on the disk', () => {
  const password = 'a secret of 24 letters !'
  const { status, file, folder } = run(commandsOf(recording, { SoftwarePassword: password }))
  expect(status).toBe(0)
  expect(statSync(file).size).toBe(0)
  const either = `${password}|${Buffer.from(password).toString('base64')}`
  const { stdout } = spawnSync('grep', ['-rlE', either, folder], { encoding: 'utf8' })
  expect(stdout.trim()).toBe(path.join(folder, 'record.environment')) // written by the recorder: so the search does find it
})

it('makes a folder that only root can read', () => {
  const { folder } = run(commandsOf(recording))
  expect(statSync(path.join(folder, 'install', digestOf(RECORDER))).mode & 0o777).toBe(0o700)
})

const OPEN = ['--host', '0.0.0.0', '--port', '80']
const MIRRORS = ['--registry', 'https://registry.npmmirror.com', '--hub', 'https://hf-mirror.com']
const MODEL = ['--model', 'ms-1.7b=ms-1.7b']
const OWN = { NpmRegistry: 'https://npm.example.com', ModelHub: 'https://hub.example.com' }

it.each<[string, Record<string, Json>, string[]]>([
  ['the defaults abroad', {}, [...MODEL, ...OPEN]],
  ['mirrors in mainland China', { 'ALIYUN::Region': 'cn-hangzhou' }, [...MIRRORS, ...MODEL, ...OPEN]],
  ['none in Hong Kong', { 'ALIYUN::Region': 'cn-hongkong' }, [...MODEL, ...OPEN]],
  [
    'sources of one’s own',
    { 'ALIYUN::Region': 'cn-beijing', ...OWN },
    ['--registry', OWN.NpmRegistry, '--hub', OWN.ModelHub, ...MODEL, ...OPEN],
  ],
  ['a domain', { DomainName: 'video.example.com' }, [...MODEL, '--domain', 'video.example.com']],
  ['the demo model alone', { ModelName: 'demo' }, OPEN],
  ['another model', { ModelName: 'zeroscope-v2-576w' }, ['--model', 'zeroscope-v2-576w=zeroscope-v2-576w', ...OPEN]],
])('passes on %s', (_, values, expected) => {
  const told = run(commandsOf(recording, { SoftwareUserName: 'ann@example.com', SoftwareVersion: '1.2.3', ...values }))
  expect(told.arguments).toEqual(['--version', '1.2.3', '--admin', 'ann@example.com', ...expected])
})

it('ends as the installation ends', () => {
  expect(run(commandsOf(recording), 7)).toMatchObject({ status: 7, stdout: 'Kinora 1 is ready\n' })
})

it('does not start a script that was changed on the way, or of which a part is missing', () => {
  const good = commandsOf(recording)
  const other = commandsOf(synthesize(`${RECORDER}\n`))
  const content = ({ put }: Commands) => /<<'PART'\n(.*)\nPART/.exec(put[0]!)![1]!
  const changed = { ...good, put: [good.put[0]!.replace(content(good), content(other))] }
  for (const commands of [changed, { ...good, put: [good.put[0]!.replace(content(good), 'AAAA')] }, { ...good, put: [] }])
    expect(run(commands)).toMatchObject({ status: 1, script: '', stderr: expect.stringMatching(/damaged/) as string })
})

it('puts a long script there in parts', () => {
  const long = `${RECORDER}# ${randomBytes(20_000).toString('base64')}\n`
  const commands = commandsOf(synthesize(long))
  expect(commands.put.length).toBeGreaterThan(1)
  for (const command of commands.put) expect(encodedBytes(command)).toBeLessThanOrEqual(MOST_COMMAND_BYTES)
  expect(run(commands)).toMatchObject({ status: 0, script: long })
})

const real = synthesize()

it('puts deploy/install.sh there, the tested one, byte for byte', () => {
  const script = readFileSync(INSTALL_SCRIPT, 'utf8')
  const { put, install } = commandsOf(real)
  const unpackOnly = install.replace(/^exec bash.*$/m, 'cat "$folder/install.sh"')
  expect(unpackOnly).not.toBe(install)
  expect(run({ put, install: unpackOnly }).stdout).toBe(script)
  expect(install).toContain(`"${digestOf(script)}  $folder/install.sh"`)
})

it('stays below what the cloud takes, with the longest values that the form takes', () => {
  const address = `https://${'a'.repeat(192)}`
  const { put, install } = commandsOf(real, {
    SoftwarePassword: '~'.repeat(256),
    SoftwareUserName: 'x'.repeat(64),
    DomainName: `${`${'a'.repeat(60)}.`.repeat(4)}example`,
    NpmRegistry: address,
    ModelHub: address,
    SoftwareVersion: `1234.1234.1234-${'a'.repeat(40)}`,
    ModelName: 'zeroscope-v2-576w',
  })
  for (const command of [...put, install]) expect(encodedBytes(command)).toBeLessThanOrEqual(MOST_COMMAND_BYTES)
})

it('names options and variables that the installation script reads', () => {
  const script = readFileSync(INSTALL_SCRIPT, 'utf8')
  const options = readFileSync(path.join(import.meta.dirname, 'install-service.sh'), 'utf8').match(/--[a-z]+(?= ["0-9])/g)!
  expect(new Set(options)).toEqual(new Set(['--version', '--admin', '--registry', '--hub', '--model', '--domain', '--host', '--port']))
  for (const option of options) expect(script, option).toMatch(new RegExp(`${option} \\|.*\\)$|\\| ${option} \\||\\| ${option}\\)$`, 'm'))
  expect(script).toContain('KINORA_ADMIN_PASSWORD')
})

function digestOf(script: string): string {
  return createHash('sha256').update(script).digest('hex')
}

function encodedBytes(command: string): number {
  return Buffer.from(command).toString('base64').length
}
