// What happens when something breaks: full disks, dead encoders, aborts, dead callers. The real
// thing each time; processes are found through /proc, so those tests run on Linux only.

import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { encoderChildren, eventually, inFolder, isRunning, listing, movingDisc, noise } from '../../test/media/clips.ts'
import { MediaError } from '../errors.ts'
import { backendsFor, mediaBackends, withBackend } from './backends.node.ts'
import { readVideo } from './read.node.ts'
import { saveVideo } from './save.node.ts'

const linux = process.platform === 'linux'
const hasFfmpeg = spawnSync('ffprobe', ['-version']).status === 0
const FORMS = ['mp4', 'webm', 'gif', 'webp', 'safetensors'] as const
const SAVE_MODULE = fileURLToPath(new URL('./save.node.ts', import.meta.url))
const CLIPS_MODULE = fileURLToPath(new URL('../../test/media/clips.ts', import.meta.url))

/** A program that saves noise to the path in its first argument. */
function savingProgram(frames: number, side: number): string[] {
  const source = `
    const { saveVideo } = await import(${JSON.stringify(SAVE_MODULE)})
    const { noise } = await import(${JSON.stringify(CLIPS_MODULE)})
    try { await saveVideo(noise(${frames}, ${side}, ${side}), process.argv[1]) } catch (error) { console.log(String(error)) }`
  return ['--input-type=module', '--eval', source]
}

function mountSmallDisk(folder: string): boolean {
  return linux && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]).status === 0
}

test('a full disk is named, and nothing is left on it', async ({ skip }) =>
  inFolder(async (folder) => {
    const disk = join(folder, 'disk')
    await mkdir(disk)
    if (!mountSmallDisk(disk)) return skip('mounting a small disk is not allowed here')
    try {
      const names = [...FORMS.map((form) => `a.${form}`), 'frames/']
      for (const name of names) {
        await expect(saveVideo(noise(8, 128, 128), join(disk, name)), name).rejects.toThrow(/the disk is full/)
        expect(await listing(disk), name).toEqual([])
      }
      if (hasFfmpeg)
        await expect(saveVideo(noise(8, 128, 128), join(disk, 'b.webm'), { backend: 'ffmpeg' })).rejects.toThrow(/the disk is full/)
      expect(await listing(disk)).toEqual([])
    } finally {
      execFileSync('umount', [disk])
    }
  }))

test.skipIf(!linux).each(['mp4', 'gif', 'safetensors'])('a file size limit of the system: %s', (form) =>
  inFolder(async (folder) => {
    const limited = ['-c', 'ulimit -f 16; exec "$@"', 'bash', process.execPath, ...savingProgram(4, 128), join(folder, `a.${form}`)]
    const { stdout } = spawnSync('bash', limited, { encoding: 'utf8' })
    expect(stdout).toMatch(/MediaError: cannot write .*the file grew over the size/)
    expect(await listing(folder)).toEqual([])
  }),
)

test('a failed save leaves the older file as it was', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'a.mp4')
    await writeFile(path, 'older')
    const controller = new AbortController()
    const saving = saveVideo(noise(60, 128, 128), path, { signal: controller.signal })
    setTimeout(() => controller.abort(), 150)
    await expect(saving).rejects.toThrow(/abort/i)
    expect(await readFile(path, 'utf8')).toBe('older')
    expect(await listing(folder)).toEqual(['a.mp4'])
  }))

describe.skipIf(!linux)('processes', () => {
  const CASES = [['mp4', 'node-av'], ['gif', 'auto'], ...(hasFfmpeg ? ([['mp4', 'ffmpeg']] as const) : [])] as const

  test.each(CASES)('an abort ends %s through %s within a second and leaves nothing', (form, backend) =>
    inFolder(async (folder) => {
      const controller = new AbortController()
      const reason = new Error('changed my mind')
      const saving = saveVideo(noise(200, 256, 256), join(folder, `a.${form}`), { signal: controller.signal, backend })
      saving.catch(() => {})
      expect(await eventually(async () => (await listing(folder)).length > 0 || (await encoderChildren()).length > 0, 5000)).toBe(true)
      await new Promise((resolve) => setTimeout(resolve, 300))
      const pids = await encoderChildren()
      expect(pids).toHaveLength(1)
      const start = performance.now()
      controller.abort(reason)
      await expect(saving).rejects.toBe(reason)
      expect(performance.now() - start).toBeLessThan(1000)
      expect(await isRunning(pids[0]!)).toBe(false)
      expect(await listing(folder)).toEqual([])
    }),
  )

  test('an aborted signal starts nothing', () =>
    inFolder(async (folder) => {
      const signal = AbortSignal.abort()
      await expect(saveVideo(movingDisc(1, 16, 16), join(folder, 'a.mp4'), { signal })).rejects.toBe(signal.reason)
      expect(await encoderChildren()).toEqual([])
    }))

  test('a crash of the encoder becomes an error, and the next save works', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'a.mp4')
      const saving = saveVideo(noise(300, 256, 256), path, { backend: 'node-av' })
      saving.catch(() => {})
      const crashed = await eventually(async () => {
        const [pid] = await encoderChildren()
        const [name] = await listing(folder)
        if (pid === undefined || name === undefined || (await stat(join(folder, name))).size === 0) return false
        return process.kill(pid, 'SIGSEGV')
      }, 20_000)
      expect(crashed).toBe(true)
      const error = await saving.catch((caught: unknown) => caught)
      expect(error).toBeInstanceOf(MediaError)
      expect(String(error)).toMatch(/node-av process was ended by SIGSEGV/)
      expect(await listing(folder)).toEqual([])
      await saveVideo(movingDisc(2, 16, 16), path, { backend: 'node-av' })
      expect((await readVideo(path)).frames.shape[0]).toBe(2)
    }))

  test.each(['mp4', 'gif'])('when the caller is killed its %s encoder ends and cleans up', (form) =>
    inFolder(async (folder) => {
      const caller = spawn(process.execPath, [...savingProgram(200, 256), join(folder, `a.${form}`)], { stdio: 'ignore' })
      let pids: number[] = []
      expect(
        await eventually(async () => {
          pids = await encoderChildren(caller.pid)
          return pids.length > 0 && (form === 'gif' || (await listing(folder)).length > 0)
        }, 10_000),
      ).toBe(true)
      caller.kill('SIGKILL')
      expect(await eventually(async () => !(await isRunning(pids[0]!)), 3000)).toBe(true)
      expect(await listing(folder)).toEqual([])
    }),
  )
})

test('files that are no video are refused with their name', () =>
  inFolder(async (folder) => {
    for (const form of FORMS) {
      const path = join(folder, `bad.${form}`)
      await writeFile(path, 'this is not a video, whatever its name says')
      await expect(readVideo(path), form).rejects.toThrow(MediaError)
      await expect(readVideo(path), form).rejects.toThrow(/bad\./)
      await expect(readVideo(join(folder, `none.${form}`)), form).rejects.toThrow(MediaError)
    }
    await mkdir(join(folder, 'empty'))
    await expect(readVideo(join(folder, 'empty'))).rejects.toThrow(/holds no pictures/)
  }))

test('a video over the frame limit is refused', () =>
  inFolder(async (folder) => {
    for (const name of ['a.mp4', 'a.gif', 'a.safetensors', 'frames/']) {
      await saveVideo(movingDisc(6, 16, 16), join(folder, name))
      await expect(readVideo(join(folder, name), { maxFrames: 5 }), name).rejects.toThrow(/more than 5 frames/)
    }
  }))

test('backends report themselves', async () => {
  const reports = await mediaBackends()
  expect(reports.map(({ name }) => name)).toEqual(['node-av', 'ffmpeg', 'sharp'])
  expect(reports[0]).toMatchObject({ available: true, version: expect.stringMatching(/^FFmpeg \d/) })
  expect(reports[1]?.available).toBe(hasFfmpeg)
})

test('without ffmpeg on PATH it is reported missing, and a choice of it fails with the way out', () =>
  inFolder(async (folder) => {
    const { PATH } = process.env
    process.env.PATH = folder
    try {
      expect((await mediaBackends())[1]).toMatchObject({ available: false, reason: expect.stringMatching(/PATH/) })
      await expect(saveVideo(movingDisc(1, 16, 16), join(folder, 'a.mp4'), { backend: 'ffmpeg' })).rejects.toThrow(
        /npm install node-av, or ffmpeg on PATH/,
      )
      expect(await listing(folder)).toEqual([])
      // The next one in line is asked when the first is missing.
      const [nodeAv, ffmpeg] = backendsFor('mp4', 'auto')
      expect(await withBackend([ffmpeg!, nodeAv!], async (backend) => [backend.name, await backend.version()])).toEqual([
        'node-av',
        expect.any(String),
      ])
    } finally {
      process.env.PATH = PATH
    }
  }))
