// The image, built and run as docs/deploy/containers says: as a user of its own, on a root file system that nobody can write to, without
// any capability. The CUDA image is not built here: its base and ONNX Runtime's CUDA libraries come from elsewhere.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADMIN, clientOf, TRIANGLE } from './containers/client.ts'
import { openDocker } from './containers/docker.ts'
import { buildKinora, IMAGE, VERSION } from './containers/images.ts'
import { coloursOf, streamOf } from './containers/video.ts'

const HARDENED = ['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges']
const PATIENCE = { timeout: 240_000, interval: 500 }
const [CONTAINER, VOLUME] = ['kinora-test-serve', 'kinora-test-data']

const docker = await openDocker()
if (!docker) process.stderr.write('skipped: no docker daemon answers, and none can be started (Debian: docker.io, as root)\n')

describe.skipIf(!docker)('the image', () => {
  const run = (...args: string[]) => docker!.run(...args)
  const ids: string[] = []
  const folder = mkdtempSync(path.join(tmpdir(), 'kinora-container-'))
  const inside = (command: string) => run('run', '--rm', ...HARDENED, '--entrypoint', 'sh', IMAGE, '-c', command)

  beforeAll(() => buildKinora(docker!), 3_600_000)
  afterAll(async () => {
    await run('rm', '-f', CONTAINER)
    await run('volume', 'rm', '-f', VOLUME)
    rmSync(folder, { recursive: true, force: true })
    await docker!.stop()
  })

  test('is of this version, small, and has what runs and no more', async () => {
    const [{ Config: config, Size: size }] = JSON.parse(await run('inspect', IMAGE)) as [
      { Config: { User: string; Labels: object }; Size: number },
    ]
    expect(config.User).toBe('10001:10001')
    expect(config.Labels).toMatchObject({ 'org.opencontainers.image.version': VERSION })
    process.stdout.write(`the image takes ${Math.round(size / 1e6)} MB\n`)
    expect(size).toBeLessThan(620e6)
    expect(await run('run', '--rm', ...HARDENED, IMAGE, '--version')).toBe(VERSION)
    const foreign = 'ls -d typescript vite react vitest 2>/dev/null; which npm gcc curl; find kinora @kinora -name "*.test.*" -o -type l'
    const found = await inside(`cd /opt/kinora/node_modules; ls -d onnxruntime-node/bin/*/*/*; ${foreign}; true`)
    expect(found.split('\n')).toEqual([`onnxruntime-node/bin/napi-v6/linux/${process.arch}`])
  })

  test('runs as nobody of the machine, and writes to /data and /tmp alone', async () => {
    expect(await inside('id -u; grep CapEff /proc/self/status | cut -f2; touch /data/x /tmp/x && echo written')).toBe(
      '10001\n0000000000000000\nwritten',
    )
    await expect(inside('touch /opt/kinora/x')).rejects.toThrow('Read-only file system')
  })

  test('makes a video', async () => {
    chmodSync(folder, 0o777)
    const output = ['-v', `${folder}:/out`, IMAGE, 'generate', TRIANGLE, '--seed', '1', '-o', '/out/demo.mp4']
    await run('run', '--rm', ...HARDENED, ...output)
    const file = path.join(folder, 'demo.mp4')
    expect(streamOf(file)).toEqual({ codec_name: 'h264', width: 128, height: 128, nb_read_frames: '16' })
    const { yellow, navy } = coloursOf(file)
    expect(yellow).toBeGreaterThan(0.02)
    expect(navy).toBeGreaterThan(0.4)
  })

  test('writes as who asks, into their folder', async () => {
    const mine = mkdtempSync(path.join(folder, 'mine-'))
    chmodSync(mine, 0o777)
    const place = ['--user', '4711:4711', '-v', `${mine}:/out`, '-w', '/out']
    await run('run', '--rm', ...HARDENED, ...place, IMAGE, 'generate', TRIANGLE, '--steps', '2', '-o', 'mine.mp4')
    expect(streamOf(path.join(mine, 'mine.mp4')).nb_read_frames).toBe('16')
  })

  test('serves: healthy, a video over HTTP, SIGTERM lets the next one end, and a new container has both', async () => {
    const admin = ['-e', `KINORA_ADMIN_USER=${ADMIN.name}`, '-e', `KINORA_ADMIN_PASSWORD=${ADMIN.password}`]
    const place = ['--name', CONTAINER, '-v', `${VOLUME}:/data`, '-p', '127.0.0.1::7860']
    const start = () => run('run', '-d', ...HARDENED, ...place, ...admin, IMAGE)
    const health = () => run('inspect', '--format', '{{.State.Health.Status}}', CONTAINER)
    const url = async () => `http://${await run('port', CONTAINER, '7860/tcp')}`
    await start()
    await expect.poll(health, PATIENCE).toBe('healthy')
    const first = await clientOf(await url())
    await expect.poll(async () => (await fetch(`${await url()}/ready`)).status, PATIENCE).toBe(200)
    ids.push(await first.create({ prompt: TRIANGLE, seed: 1 }))
    await expect.poll(() => first.status(ids[0]!), PATIENCE).toBe('completed')
    const made = path.join(folder, 'served.mp4')
    writeFileSync(made, await first.bytes(ids[0]!))
    expect(streamOf(made)).toMatchObject({ codec_name: 'h264', width: 128 })

    // What is orphaned inside is the first process's to bury.
    await run('exec', CONTAINER, 'sh', '-c', '(sleep 0.1 &)')
    expect(await run('exec', CONTAINER, 'sh', '-c', 'sleep 1; grep -l "^State:.Z" /proc/[0-9]*/status || true')).toBe('')

    ids.push(await first.create({ prompt: TRIANGLE, seed: 2 }))
    await expect.poll(() => first.status(ids[1]!), PATIENCE).toBe('in_progress')
    await run('stop', '-t', '240', CONTAINER)
    expect(await run('inspect', '--format', '{{.State.ExitCode}}', CONTAINER)).toBe('0')
    expect(await run('logs', CONTAINER)).toContain('Ending.')
    await run('rm', CONTAINER)
    await start()
    await expect.poll(health, PATIENCE).toBe('healthy')
    const second = await clientOf(await url())
    expect(await Promise.all(ids.map(second.status))).toEqual(['completed', 'completed'])
    expect((await second.bytes(ids[1]!)).subarray(4, 8).toString()).toBe('ftyp')
  })
})
