// Textual inversion files as diffusers, the web UI and kohya's scripts write them, and files that are none.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { fixture } from '../../test/support/safetensors.ts'
import { ArgumentError, CheckpointError } from '../errors.ts'
import { encodeFloat16 } from '../tensor/half.ts'
import { encodeSafetensors } from '../tensor/safetensors.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { tensor } from '../tensor/tensor.ts'
import { openTextualInversion } from './textual-inversion.ts'

const TEMP = mkdtempSync(path.join(tmpdir(), 'kinora-inversion-'))
afterAll(() => rmSync(TEMP, { recursive: true, force: true }))

function write(name: string, tensors: Record<string, Tensor>, metadata?: Record<string, string>): string {
  const file = path.join(TEMP, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, Buffer.concat(encodeSafetensors(tensors, metadata)))
  return file
}

const floats = (shape: number[], from = 0) => {
  const { data } = tensor('float32', shape)
  return tensor(
    'float32',
    shape,
    data.map((_, i) => from + i / 8),
  )
}

describe('forms', () => {
  it('diffusers: one vector under its token, also by the folder', async () => {
    const folder = fixture('textual-inversions')
    const byFile = await openTextualInversion(`${folder}/learned_embeds.safetensors`)
    expect([byFile.token, byFile.vectors.dtype, byFile.vectors.shape]).toEqual(['<cat-toy>', 'float32', [1, 16]])
    expect(byFile.source).toBe(`${folder}/learned_embeds.safetensors`)
    for (const way of [folder, `${folder}/`]) expect((await openTextualInversion(way)).vectors).toEqual(byFile.vectors)
  })

  it.each([
    ['blauwal.safetensors', 'blauwal', [2, 16]],
    ['neon.safetensors', '<neon>', [1, 16]],
  ])('%s', async (name, token, shape) => {
    const inversion = await openTextualInversion(fixture(`textual-inversions/${name}`))
    expect([inversion.token, inversion.vectors.shape]).toEqual([token, shape])
    expect(inversion.vectors.data.some((value) => value !== 0)).toBe(true)
  })

  it.each<[string, Record<string, Tensor>, Record<string, string> | undefined, string]>([
    ['a.v2.safetensors', { emb_params: floats([2, 4]), other: floats([1]) }, { name: 'b' }, 'a.v2'],
    ['step-500.pt', { 'string_to_param.*': floats([2, 4]), 'string_to_token.*': tensor('int64', []) }, { name: 'charm' }, 'charm'],
    ['step-600.pt', { 'string_to_param.*': floats([2, 4]) }, undefined, 'step-600'],
    ['dots.bin', { 'my.token': floats([2, 4]), step: floats([]) }, undefined, 'my.token'],
    ['bare.pt', { 0: floats([2, 4]) }, undefined, 'bare'],
  ])('%s', async (name, tensors, metadata, token) => {
    const inversion = await openTextualInversion(write(name, tensors, metadata))
    expect(inversion.token).toBe(token)
    expect(inversion.vectors).toEqual(floats([2, 4]))
  })

  it('PyTorch files of diffusers and of the web UI', async () => {
    const bin = await openTextualInversion(fixture('textual-inversions/learned_embeds.bin'))
    const { token, vectors } = await openTextualInversion(fixture('textual-inversions/learned_embeds.safetensors'))
    expect([bin.token, bin.vectors]).toEqual([token, vectors])
    const pt = await openTextualInversion(fixture('textual-inversions/orchidea.pt'))
    expect([pt.token, pt.vectors.shape]).toEqual(['orchidea', [3, 16]])
  })

  it('any float becomes float32', async () => {
    const { data } = floats([2, 4])
    const bfloat16 = Uint16Array.from(data, (value) => new Uint32Array(Float32Array.of(value).buffer)[0]! >> 16)
    const kinds = [
      tensor('float16', [2, 4], encodeFloat16(data)),
      tensor('float64', [2, 4], Float64Array.from(data)),
      tensor('bfloat16', [2, 4], bfloat16),
    ]
    for (const kind of kinds) expect((await openTextualInversion(write('x.pt', { x: kind }))).vectors).toEqual(floats([2, 4]))
  })
})

describe('token', () => {
  it('may be given', async () => {
    const file = write('t.safetensors', { '<x>': floats([4]) })
    expect((await openTextualInversion(file, { token: '<y>' })).token).toBe('<y>')
  })

  it.each(['', ' x', 'a\nb', 'x'.repeat(201)])('%j is refused', async (token) => {
    const file = write('t.safetensors', { '<x>': floats([4]) })
    await expect(openTextualInversion(file, { token })).rejects.toThrow(ArgumentError)
  })

  it.each(['\0', ' x', `${'y'.repeat(5000)}`])('of the file must be one a prompt can hold', async (token) => {
    const file = write('t.safetensors', { [token]: floats([4]) })
    await expect(openTextualInversion(file)).rejects.toThrow(CheckpointError)
    await expect(openTextualInversion(file)).rejects.toThrow(/^.{0,300}which no prompt can hold: give another token$/)
    expect((await openTextualInversion(file, { token: 'z' })).token).toBe('z')
  })
})

describe('what is none', () => {
  it.each<[string, Record<string, Tensor>, RegExp]>([
    ['empty', {}, /holds 0 tensors \(none\)/],
    [
      'many',
      { a: floats([4]), b: floats([4]), c: floats([4]), d: floats([4]) },
      /holds 4 tensors \(a, b, c\); a textual inversion holds one/,
    ],
    ['two', { 'string_to_param.*': floats([4]), 'string_to_param.+': floats([4]) }, /holds 2 tensors/],
    ['sdxl', { clip_l: floats([1, 4]), clip_g: floats([1, 4]) }, /for Stable Diffusion XL/],
    ['no rows', { x: floats([0, 4]) }, /has shape \[0, 4\]; a textual inversion is \[n, width\] with n from 1 to 75/],
    ['no width', { x: floats([0]) }, /has shape \[0\]/],
    ['rows', { x: floats([76, 1]) }, /has shape \[76, 1\]/],
    ['scalar', { x: floats([]) }, /holds 0 tensors \(none\)/],
    ['rank', { x: floats([1, 2, 4]) }, /has shape \[1, 2, 4\]/],
    ['integers', { x: tensor('int64', [4]) }, /x is I64; Kinora reads embeddings in/],
    ['nan', { x: floats([4], Number.NaN) }, /values that are not finite/],
  ])('%s', async (name, tensors, message) => {
    const opened = openTextualInversion(write(`${name}.safetensors`, tensors))
    await expect(opened).rejects.toThrow(CheckpointError)
    await expect(opened).rejects.toThrow(message)
  })

  it('a missing file, a folder without one, a damaged file', async () => {
    mkdirSync(path.join(TEMP, 'folder'))
    writeFileSync(path.join(TEMP, 'folder/readme.md'), 'x')
    writeFileSync(path.join(TEMP, 'page.pt'), '<!DOCTYPE html><html></html>')
    const failures: [string, RegExp][] = [
      [path.join(TEMP, 'gone.pt'), /gone\.pt does not exist: name a textual inversion file/],
      [path.join(TEMP, 'gone/gone.pt'), /gone\.pt does not exist/],
      [path.join(TEMP, 'folder'), /folder has no learned_embeds\.safetensors or learned_embeds\.bin/],
      [path.join(TEMP, 'page.pt'), /page\.pt is a web page/],
      ['', / does not exist/],
    ]
    for (const [file, message] of failures) {
      await expect(openTextualInversion(file)).rejects.toThrow(CheckpointError)
      await expect(openTextualInversion(file)).rejects.toThrow(message)
    }
  })
})
