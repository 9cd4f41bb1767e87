// Every bad input ends with a sentence, its exit code, and an untouched folder.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { contents, emptyFolder, events, kinora, MS, PROGRAM } from './support/cli.ts'

const GENERATE = ['generate', 'a cat', '-m', MS]

/** What the user types, the exit code, and what the sentence must say. */
const CASES: readonly (readonly [args: readonly string[], code: number, says: readonly string[]])[] = [
  [[], 2, ['Usage: kinora', 'give a command']],
  [['frobnicate'], 2, ["unknown command 'frobnicate'"]],
  [['generate'], 2, ['Give a prompt']],
  [['generate', 'a', 'cat'], 2, ['put quotes around it', '"a cat"']],
  [[...GENERATE, '--frobnicate'], 2, ["unknown option '--frobnicate'"]],
  [[...GENERATE, '--frames', '0'], 2, ['--frames is 0', 'from 1 to']],
  [[...GENERATE, '--frames', 'many'], 2, ["'many' is invalid", 'number']],
  [[...GENERATE, '--width', '100', '--height', '100'], 2, ['is 100', 'multiple of 8', '96 or 104']],
  [[...GENERATE, '--steps', '0'], 2, ['--steps is 0', 'from 1 to']],
  [[...GENERATE, '--steps', '1000'], 2, ['take fewer steps']],
  [[...GENERATE, '--seed', '18446744073709551616'], 2, ['from 0 to 18446744073709551615']],
  [[...GENERATE, '--seed', '18446744073709551615', '--count', '2'], 2, ['--seed is 18446744073709551616']],
  [[...GENERATE, '--fps', '0.5'], 2, ['--fps is 0.5', '1 to 60']],
  [[...GENERATE, '--scheduler', 'dpm+2mm'], 2, ['"dpm+2mm" is not known', 'dpm++2m', 'DDIMScheduler']],
  [[...GENERATE, '--scheduler-config', '{bad'], 2, ['must be JSON']],
  [[...GENERATE, '--scheduler-config', '[]'], 2, ['must be a JSON object']],
  [[...GENERATE, '--scheduler-config', '{"beta_strat":1}'], 2, ['has no "beta_strat"', 'beta_start']],
  [[...GENERATE, '--device', 'gpu'], 2, ['--device is "gpu"', 'cpu']],
  [[...GENERATE, '--memory-limit', 'much'], 2, ['--memory-limit is much', '8GiB']],
  [[...GENERATE, '--memory-limit', '10MB'], 2, ['at least 0.', 'memory limit is 0.0 GiB', 'a smaller size']],
  [[...GENERATE, '-o', 'cat.avi'], 2, ['cat.avi', '.mp4', '.safetensors']],
  [[...GENERATE, '-o', 'cat.mp4', '-o', './cat.mp4'], 2, ['written twice']],
  [[...GENERATE, '-o', 'nowhere/cat.mp4'], 1, ['nowhere does not exist']],
  [[...GENERATE, '-o', 'file.txt/cat.mp4'], 1, ['cannot write cat.mp4']],
  [[...GENERATE, '-o', 'folder.mp4'], 2, ['folder.mp4 is a folder']],
  [['generate', '-m', MS, '--batch-file', 'none.txt'], 2, ['none.txt', 'no such file']],
  [['generate', '-m', MS, '--batch-file', 'binary.txt'], 2, ['binary.txt', 'not UTF-8']],
  [['generate', '-m', MS, '--batch-file', 'folder.mp4'], 2, ['it is a folder']],
  [['generate', '-m', MS, '--batch-file', 'comments.txt'], 2, ['holds no prompt']],
  [['generate', 'a cat', '-m', 'nowhere'], 2, ["'nowhere' names no model", 'a file or folder that exists']],
  [['generate', 'a cat', '-m', './nowhere'], 1, ['nowhere does not exist', 'model_index.json']],
  [['generate', 'a cat', '-m', join(MS, 'unet')], 1, ['single UNet3DConditionModel', 'folder above it']],
  [['generate', 'a cat', '-m', 'image-model'], 1, ['StableDiffusionPipeline', 'TextToVideoSDPipeline']],
  [['metadata', 'none.mp4'], 1, ['cannot read none.mp4']],
  [['metadata', 'file.txt'], 2, ['file.txt', '.mp4']],
  [['examples', '--run', '100000'], 2, ['1 to 10000']],
]

function populated(): string {
  const folder = emptyFolder()
  writeFileSync(join(folder, 'file.txt'), '')
  writeFileSync(join(folder, 'comments.txt'), '# nothing\n\n')
  writeFileSync(join(folder, 'binary.txt'), new Uint8Array([0xff, 0xfe, 0x00]))
  mkdirSync(join(folder, 'folder.mp4'))
  mkdirSync(join(folder, 'image-model'))
  writeFileSync(join(folder, 'image-model', 'model_index.json'), JSON.stringify({ _class_name: 'StableDiffusionPipeline' }))
  return folder
}

describe.concurrent('bad input', () => {
  test.each(CASES)('%j exits with %i', async (args, code, says) => {
    const cwd = populated()
    const before = contents(cwd)
    const ended = await kinora(args, { cwd })
    for (const part of says) expect(ended.stderr).toContain(part)
    expect(ended.stderr).toMatch(/^kinora: /m)
    expect(ended.stderr).not.toMatch(/^ +at /m)
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: '' })
    expect(contents(cwd)).toEqual(before)
  })

  test('with --json the error is an event too', async () => {
    const cwd = emptyFolder()
    const { code, stdout } = await kinora([...GENERATE, '--steps', '0', '--json'], { cwd })
    expect(code).toBe(2)
    expect(events(stdout)).toEqual([{ event: 'error', message: expect.stringContaining('--steps is 0') as string, exitCode: 2 }])
  })

  test('no program for the video: said before anything is generated', async () => {
    const cwd = emptyFolder()
    const ended = await kinora([...GENERATE, '-o', 'a.mp4', '--backend', 'ffmpeg'], { cwd, env: { PATH: cwd } })
    expect(ended.code).toBe(1)
    expect(ended.stderr).toMatch(/^kinora: no program here can write mp4: ffmpeg/)
    expect(contents(cwd)).toEqual([])
  })

  test.skipIf(process.platform === 'win32')('a disk without room: the other files are written, nothing unfinished stays', async () => {
    const cwd = emptyFolder()
    const { spawnSync } = await import('node:child_process')
    const command = `ulimit -f 400; exec "$0" "$@"` // units of 512 bytes or 1 KB
    const args = [...PROGRAM, ...GENERATE, '--steps', '2', '--frames', '16', '-o', 'a.safetensors', '-o', 'a.mp4']
    const { status, stderr } = spawnSync('sh', ['-c', command, process.execPath, ...args], { cwd, encoding: 'utf8' })
    expect(status).toBe(1)
    expect(stderr).toContain('kinora: cannot write a.safetensors: the file grew over the size')
    expect(contents(cwd)).toEqual(['a.mp4'])
  })
})
