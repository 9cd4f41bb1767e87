import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inFolder, listing } from '../../test/media/clips.ts'
import { ArgumentError, MediaError } from '../errors.ts'
import { checkWritable, outputForm } from './form.node.ts'

test.each([
  ['a.mp4', 'mp4'],
  ['A.MP4', 'mp4'],
  ['x/y.z.webm', 'webm'],
  ['a.gif', 'gif'],
  ['a.webp', 'webp'],
  ['a.safetensors', 'safetensors'],
  ['frames/', 'png'],
  ['odd.mp4/', 'png'],
])('%s is %s', (path, form) => {
  expect(outputForm(path)).toBe(form)
})

test.each(['a.avi', 'a', '', ' ', 'a.mp4.txt', '.mp4', 'a\0.mp4'])('%j is refused', (path) => {
  expect(() => outputForm(path)).toThrow(ArgumentError)
})

test('the refusal lists what is known', () => {
  expect(() => outputForm('a.avi')).toThrow(/a\.avi.*\.mp4, \.webm, \.gif, \.webp, \.safetensors.*\//)
})

test('an existing folder is a folder of frames', () =>
  inFolder(async (folder) => {
    expect(outputForm(folder)).toBe('png')
  }))

test('a writable place passes and is left as it was', () =>
  inFolder(async (folder) => {
    for (const name of ['a.mp4', 'new/', 'a.safetensors']) await checkWritable(join(folder, name))
    await checkWritable(folder)
    expect(await listing(folder)).toEqual([])
  }))

test('places that cannot work are refused with the reason', () =>
  inFolder(async (folder) => {
    await mkdir(join(folder, 'taken.mp4'))
    await writeFile(join(folder, 'file'), '')
    await expect(checkWritable(join(folder, 'none', 'a.mp4'))).rejects.toThrow(/folder .*none does not exist/)
    await expect(checkWritable(join(folder, 'none', 'a.mp4'))).rejects.toThrow(MediaError)
    await expect(checkWritable(join(folder, 'taken.mp4'))).rejects.toThrow(/is a folder/)
    await expect(checkWritable(`${join(folder, 'file')}/`)).rejects.toThrow(ArgumentError)
    await expect(checkWritable(join(folder, 'file', 'a.mp4'))).rejects.toThrow(MediaError)
    await expect(checkWritable('/proc/kinora.mp4')).rejects.toThrow(MediaError)
  }))
