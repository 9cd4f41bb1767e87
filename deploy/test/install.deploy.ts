// deploy/install.sh on a bare machine with a real systemd and packages from a registry of our own: installed, used, killed, run again,
// upgraded, upgraded in vain, given a model and a domain, removed. The tests go on where the one before ended.
// KINORA_DEPLOY_SUITE takes another distribution (trixie, jammy, noble); a GPU is not tried anywhere.

import { createHash } from 'node:crypto'
import { globSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FakeHub, startHub } from '../../packages/kinora/test/support/hub-server.ts'
import { fixture } from '../../packages/kinora/test/support/safetensors.ts'
import { type LocalRegistry, startLocalRegistry } from '../../scripts/registry/local-registry.ts'
import { publishBroken } from './install-broken.ts'
import { bootMachine, freePort, type Machine, until } from './install-machine.ts'
import { logIn, tryLogIn, type Visitor } from './install-visitor.ts'

const SCRIPT = readFileSync(path.join(import.meta.dirname, '../install.sh'), 'utf8')
const SUITE = process.env.KINORA_DEPLOY_SUITE ?? 'bookworm'
/** A part of the password that every way of quoting leaves as it is. */
const SECRET = 'st4ple7c1f'
const ANN = { name: 'ann', password: `a 'horse' "battery" $${SECRET} \\ 電池` }

let machine: Machine
let registry: LocalRegistry
let hub: FakeHub
let port: number
let url: string
let ann: Visitor
let first: string

beforeAll(async () => {
  port = await freePort()
  url = `http://127.0.0.1:${port}`
  registry = await startLocalRegistry({ versions: ['0.1.0', '0.2.0'] })
  await publishBroken(registry.url, '0.3.0')
  hub = await startHub({ 'someone/small': { commit: 'c'.repeat(40), files: filesOf(fixture('checkpoints/ms')) } })
  machine = await bootMachine(SUITE)
})
afterAll(async () => {
  await machine?.stop()
  await Promise.all([hub?.close(), registry?.stop()])
})

/** As `curl … | bash -s -- OPTIONS` does. */
function install(options: string, env: Readonly<Record<string, string>> = {}) {
  return machine.run(`bash -s -- --registry ${registry.url} ${options}`, { env, input: SCRIPT })
}

function filesOf(folder: string): Record<string, Buffer> {
  const names = globSync('**/*', { cwd: folder }).filter((name) => statSync(path.join(folder, name)).isFile())
  return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(folder, name))]))
}

const pidOf = async (unit: string) => (await machine.must(`systemctl show -p MainPID --value ${unit}`)).trim()
const isReady = async () => (await fetch(`${url}/ready`)).ok
const isMp4 = (video: Buffer) => video.subarray(4, 8).toString() === 'ftyp'
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const releases = () => readdirSync(path.join(machine.root, 'opt/kinora/releases'))

/** Looks into the arguments of all processes, those of the machine among them, while something runs. */
async function watchingArguments<T>(secret: string, work: Promise<T>): Promise<{ result: T; looks: number; seen: string[] }> {
  const seen = new Set<string>()
  let looks = 0
  const timer = setInterval(() => {
    looks++
    for (const file of globSync('/proc/[0-9]*/cmdline'))
      try {
        const words = readFileSync(file, 'utf8')
        if (words.includes(secret)) seen.add(words)
      } catch {} // it has ended meanwhile
  }, 50)
  const result = await work.finally(() => clearInterval(timer))
  return { result, looks, seen: [...seen] }
}

test.each([
  ['--port 99999', '--port is 99999: it must be a number from 1 to 65535'],
  ['--model small', '--model is small: it must be NAME=SOURCE'],
  ['--purge', '--purge removes all data, and only goes with --uninstall'],
  ['--frobnicate', '--frobnicate is no option'],
  ['--admin', '--admin needs a value'],
  ['--admin ann', 'the password of ann must have 8 to 256 characters'],
  ['--domain a.example --host 0.0.0.0', '--host does not go with --domain'],
])('%s is refused, and nothing is touched', async (options, words) => {
  const { code, output } = await install(options)
  expect(output).toContain(words)
  expect(code).toBe(1)
  expect((await machine.run('ls /opt/kinora /etc/kinora /usr/bin/curl')).code).not.toBe(0)
})

test('another distribution is refused', async () => {
  await machine.must('cp -L /etc/os-release /root/os-release; rm /etc/os-release; echo -e "ID=fedora\\nVERSION_ID=44" > /etc/os-release')
  const { code, output } = await install('')
  await machine.must('mv /root/os-release /etc/os-release')
  expect(output).toContain('this is fedora 44: Debian 12, 13 and Ubuntu 22.04, 24.04 are supported')
  expect(code).toBe(1)
})

test('it ends when the service is ready, and its administrator can log in', async () => {
  const begin = performance.now()
  const options = `--version 0.1.0 --port ${port} --admin ${ANN.name}`
  const { result, looks, seen } = await watchingArguments(SECRET, install(options, { KINORA_ADMIN_PASSWORD: ANN.password }))
  expect(result.code, result.output).toBe(0)
  expect(result.output).toContain(`Kinora 0.1.0 is ready at ${url}`)
  expect(await isReady()).toBe(true)
  expect(looks).toBeGreaterThan(100)
  expect(seen).toEqual([])
  ann = await logIn(url, ANN)
  expect((await tryLogIn(url, { ...ANN, password: 'not this one' })).status).toBe(401)
  console.log(`installed in ${((performance.now() - begin) / 1000).toFixed(0)} s; ${await machine.must('du -sh /opt/kinora')}`)
})

test('it makes videos', async () => {
  first = await ann.makeVideo('a big yellow triangle falling on a navy background')
  expect(isMp4(await ann.content(first))).toBe(true)
})

test('the units are shut in', async () => {
  const report = await machine.must('systemd-analyze security --no-pager | grep kinora')
  console.log(report)
  const marks = [...report.matchAll(/(\S+)\.service +([\d.]+)/g)].map(([, unit, mark]) => [unit, Number(mark)] as const)
  expect(marks.map(([unit]) => unit)).toEqual(expect.arrayContaining(['kinora', 'kinora-worker']))
  for (const [unit, mark] of marks) expect(mark, unit).toBeLessThan(2)
  expect(
    await machine.must(
      'ps -o user= -p $(systemctl show -p MainPID --value kinora) || stat -c %U /proc/$(systemctl show -p MainPID --value kinora)',
    ),
  ).toContain('kinora')
})

test.each(['kinora', 'kinora-worker'])('%s comes back after kill -9, and makes the next video', async (unit) => {
  const before = await pidOf(unit)
  expect(before).toMatch(/^[1-9]/) // 0, of a service that does not run, would be the process group of the tests
  await machine.must(`kill -9 ${before}`)
  await until('another process', async () => !['0', before].includes(await pidOf(unit)))
  await until('ready', isReady)
  expect(isMp4(await ann.content(await ann.makeVideo('a red circle moving left')))).toBe(true)
})

test('run again it changes nothing, not even what the owner wrote', async () => {
  await machine.must(`printf "# mine\\nKINORA_QUOTA_QUEUED='7'\\n" >> /etc/kinora/kinora.env; systemctl restart kinora kinora-worker`)
  await until('ready', isReady)
  const [settings, pids] = [await machine.must('cat /etc/kinora/kinora.env'), [await pidOf('kinora'), await pidOf('kinora-worker')]]
  const again = await install(`--version 0.1.0 --admin ${ANN.name}`, { KINORA_ADMIN_PASSWORD: 'another password' })
  expect(again.code, again.output).toBe(0)
  expect(again.output).toContain('Kinora 0.1.0 runs already, nothing was changed')
  expect(again.output).toContain('There is an administrator already')
  expect(await machine.must('cat /etc/kinora/kinora.env')).toBe(settings)
  expect([await pidOf('kinora'), await pidOf('kinora-worker')]).toEqual(pids)
  expect((await tryLogIn(url, ANN)).ok).toBe(true)
})

test('an upgrade keeps accounts, sessions and videos', async () => {
  const before = sha256(await ann.content(first))
  const begin = performance.now()
  const { code, output } = await install('') // the latest
  expect(code, output).toBe(0)
  expect(output).toContain(`Kinora 0.2.0 is ready at ${url}`)
  console.log(`upgraded in ${((performance.now() - begin) / 1000).toFixed(0)} s`)
  expect(await machine.must('/usr/local/bin/kinora --version')).toBe('0.2.0\n')
  expect(releases()).toEqual(['0.2.0'])
  expect(sha256(await ann.content(first))).toBe(before)
  expect(isMp4(await ann.content(await ann.makeVideo('a green square growing')))).toBe(true)
})

test('a version that there is not leaves everything as it is', async () => {
  const pid = await pidOf('kinora')
  const { code, output } = await install('--version 7.7.7')
  expect([code, output]).toEqual([1, expect.stringContaining(`${registry.url} has no @kinora/cli@7.7.7`)])
  expect([await pidOf('kinora'), releases()]).toEqual([pid, ['0.2.0']])
})

test('a version that does not start is left again, with the database as it was', async () => {
  const { code, output } = await install('--version 0.3.0')
  expect(code, output).toBe(1)
  expect(output).toContain('Kinora 0.3.0 did not become ready')
  expect(output).toContain('Bringing the database back to what it was')
  expect(output).toContain('0.2.0 runs again, as it was')
  expect(output).toContain('this version is broken') // its own last words
  expect(await isReady()).toBe(true)
  expect(releases()).toEqual(['0.2.0'])
  expect(await machine.must('runuser -u kinora -- psql -Atc "select to_regclass(\'broken\') is null"')).toBe('t\n')
  expect(isMp4(await ann.content(first))).toBe(true)
})

test('settings that do not work are taken back', async () => {
  const settings = await machine.must('cat /etc/kinora/kinora.env')
  const { code, output } = await install(`--host 203.0.113.9`) // no address of this machine
  expect([code, output]).toEqual([1, expect.stringContaining('that is no address of this machine')])
  expect(await machine.must('cat /etc/kinora/kinora.env')).toBe(settings)
  expect(await isReady()).toBe(true)
})

test('a new password, by whoever is root', async () => {
  const { code, output } = await machine.run('/usr/local/bin/kinora admin ANN', { input: 'another password\n' })
  expect([code, output]).toEqual([0, 'ANN has a new password, and is an administrator\n'])
  expect((await tryLogIn(url, ANN)).status).toBe(401)
  expect((await machine.run('/usr/local/bin/kinora admin ann', { input: ANN.password })).code).toBe(0)
  ann = await logIn(url, ANN)
})

test('a model with a wrong checksum is refused; the demo model goes on answering', async () => {
  hub.fault = ({ server, path: file }) =>
    server === 'cdn' && file.startsWith('unet/') ? { body: Buffer.alloc(hub.repos['someone/small']!.files[file]!.length) } : undefined
  const { code, output } = await install(`--model small=someone/small --hub ${hub.endpoint}`)
  expect(code, output).toBe(0)
  await until('a refusal', async () =>
    /checksum|sha256|content/i.test((await machine.run('journalctl -u kinora-model -o cat | grep kinora:')).output),
  )
  expect(await ann.models()).toEqual(['demo'])
  expect(isMp4(await ann.content(await ann.makeVideo('a red circle moving left')))).toBe(true)
})

test('the model is the default once it is there, and the demo model answers meanwhile', async () => {
  const held = Promise.withResolvers<void>()
  hub.fault = ({ server }) => (server === 'cdn' ? { until: held.promise } : undefined)
  await machine.must('systemctl restart --no-block kinora-model')
  expect(isMp4(await ann.content(await ann.makeVideo('a blue ring shrinking')))).toBe(true)
  expect(await ann.models()).toEqual(['demo'])
  held.resolve()
  await until('the model is offered', async () => (await ann.models())[0] === 'small')
  expect(await ann.models()).toEqual(['small', 'demo'])
  expect(isMp4(await ann.content(await ann.makeVideo('a blue ring shrinking')))).toBe(true)
  expect(isMp4(await ann.content(await ann.makeVideo('a blue ring shrinking', 'demo')))).toBe(true)
  const again = await install('--model small=someone/small')
  expect(again.output).toContain('nothing was changed')
})

test('with a domain Caddy serves HTTPS, beside the sites that it had', async () => {
  const [http, https, other] = [await freePort(), await freePort(), await freePort()]
  await machine.must('apt-get -qq install -y --no-install-recommends caddy > /dev/null 2>&1')
  const sites = `{\n\thttp_port ${http}\n\thttps_port ${https}\n}\nhttp://localhost:${other} {\n\trespond "another site"\n}\n`
  await machine.must(`cat > /etc/caddy/Caddyfile <<'E'\n${sites}E\nsystemctl restart caddy`)
  const { code, output } = await install('--domain video.localhost')
  expect(code, output).toBe(0)
  expect(output).toContain('is ready at https://video.localhost')
  const curl = `curl -sS --cacert /var/lib/caddy/.local/share/caddy/pki/authorities/local/root.crt https://video.localhost:${https}`
  await until('HTTPS', async () => (await machine.run(`${curl}/ready`)).output === '{"status":"ready"}')
  const answer = await machine.run(`${curl}/v1/session -i -H 'Content-Type: application/json' -d @-`, { input: JSON.stringify(ANN) })
  expect(answer.output).toMatch(/^HTTP\/\S+ 201/)
  expect(answer.output).toMatch(/set-cookie: kinora_session=.*; Secure/i)
  expect(await machine.must(`curl -sS http://localhost:${other}`)).toBe('another site')
  await machine.must(`echo 'curl -sS http://localhost:${other}' > /root/other-site; echo '${curl}/ready' > /root/https`)
})

test('the password is nowhere: not in a file, the journal or the log', async () => {
  await machine.must(`echo '${SECRET}' > /root/planted; echo planted | systemd-cat`)
  const { output } = await machine.run(`grep -rlF ${SECRET} /etc /home /opt /root /run /tmp /usr/local /var 2> /dev/null`)
  expect(output).toBe('/root/planted\n') // the search finds what is there
  const journal = async (words: string) => Number((await machine.run(`journalctl -o export --no-pager | grep -cF ${words}`)).output)
  expect([await journal(SECRET), (await journal('planted')) > 0]).toEqual([0, true])
  expect(await machine.must("stat -c '%a %U %G' /etc/kinora/kinora.env /var/log/kinora-install.log")).toBe(
    '640 root kinora\n600 root root\n',
  )
})

test('removed, it leaves data and the rest of the machine; installed again it finds them', async () => {
  const gone = await install('--uninstall')
  expect(gone.code, gone.output).toBe(0)
  await expect(fetch(`${url}/health`)).rejects.toThrow()
  expect((await machine.run('ls /opt/kinora /usr/local/bin/kinora /etc/systemd/system/kinora*')).code).not.toBe(0)
  expect(await machine.must('bash /root/other-site')).toBe('another site')
  const back = await install('')
  expect(back.code, back.output).toBe(0)
  const again = await logIn(url, ANN)
  expect(isMp4(await again.content(first))).toBe(true)
  expect(await again.models()).toEqual(['small', 'demo'])
  await until('HTTPS again', async () => (await machine.run('bash /root/https')).output === '{"status":"ready"}')
})

test('removed with its data, nothing of it is left, and nothing of others is missing', async () => {
  await machine.must('runuser -u postgres -- createdb others')
  const { code, output } = await install('--uninstall --purge')
  expect(code, output).toBe(0)
  const left = await machine.run(
    `find / -xdev -path /proc -prune -o -iname '*kinora*' -print; getent passwd kinora; runuser -u postgres -- psql -Atc 'select datname from pg_database; select rolname from pg_roles'`,
  )
  const lines = left.output.split('\n').filter((line) => /kinora/.test(line) && !line.startsWith('/var/log/journal'))
  expect(lines).toEqual([])
  expect(left.output).toContain('\nothers\n')
  expect(await machine.must('bash /root/other-site')).toBe('another site')
})
