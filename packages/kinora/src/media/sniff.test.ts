import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutOff, sniffForm } from './sniff.ts'
import { bytesSource } from './source.ts'

const ascii = (text: string) => Array.from(text, (character) => character.charCodeAt(0))
const PNG = [0x89, ...ascii('PNG\r\n\x1a\n')]
const chunk = (name: string, length: number) => [0, 0, 0, length, ...ascii(name), ...Array<number>(length + 4).fill(0)]
const box = (name: string, size: number, stored = size) => [0, 0, 0, size, ...ascii(name), ...Array<number>(stored - 8).fill(0)]
const EBML = [0x1a, 0x45, 0xdf, 0xa3, 0x82, 0, 0]
const SEGMENT = [0x18, 0x53, 0x80, 0x67]

test.each([
  ['GIF', ascii('GIF89a.........'), 'picture'],
  ['JPEG', [0xff, 0xd8, 0xff, 0xe0, 0, 0], 'picture'],
  ['WebP', ascii('RIFF\0\0\0\0WEBPVP8 '), 'picture'],
  ['AVI', ascii('RIFF\0\0\0\0AVI LIST'), 'video'],
  ['TIFF', ascii('II*\0\0\0\0\0'), 'picture'],
  ['AVIF', ascii('\0\0\0\x20ftypavif'), 'picture'],
  ['AVIF sequence', ascii('\0\0\0\x20ftypavis'), 'video'],
  ['MP4', ascii('\0\0\0\x20ftypisom'), 'video'],
  ['PNG', [...PNG, ...chunk('IHDR', 13), ...chunk('IDAT', 5), ...chunk('acTL', 8)], 'picture'],
  ['animated PNG', [...PNG, ...chunk('IHDR', 13), ...chunk('tEXt', 200), ...chunk('acTL', 8)], 'video'],
  ['PNG without end', [...PNG, ...chunk('IHDR', 13)], 'picture'],
  ['safetensors', [16, 0, 0, 0, 0, 0, 0, 0, ...ascii('{"a":1}         ')], 'safetensors'],
  ['a header longer than the file', [99, 0, 0, 0, 0, 0, 0, 0, ...ascii('{"a":1}  ')], 'video'],
  ['nothing', [], 'video'],
])('%s', async (_, bytes, form) => {
  expect(await sniffForm(bytesSource(Uint8Array.from(bytes)))).toBe(form)
})

test.each([
  ['a whole MP4', [...box('ftyp', 16), ...box('mdat', 40), ...box('moov', 20)], undefined],
  ['an MP4 cut in its media', [...box('ftyp', 16), ...box('mdat', 200, 40)], '56 of its 216 bytes are there'],
  ['an MP4 cut in unimportant data', [...box('ftyp', 16), ...box('mdat', 40), ...box('free', 99, 20)], undefined],
  ['an MP4 whose last box runs to the end', [...box('ftyp', 16), 0, 0, 0, 0, ...ascii('mdat'), 1, 2, 3], undefined],
  [
    'an MP4 with a 64-bit size',
    [...box('ftyp', 16), 0, 0, 0, 1, ...ascii('mdat'), 0, 0, 0, 1, 0, 0, 0, 0],
    `32 of its ${16 + 2 ** 32} bytes are there`,
  ],
  ['a whole WebM', [...EBML, ...SEGMENT, 0x83, 1, 2, 3], undefined],
  ['a cut WebM', [...EBML, ...SEGMENT, 0x88, 1, 2, 3], '15 of its 20 bytes are there'],
  ['a live WebM', [...EBML, ...SEGMENT, 0xff, 1, 2, 3], undefined],
  ['a whole AVI', [...ascii('RIFF'), 8, 0, 0, 0, ...ascii('AVI LIST')], undefined],
  ['a cut AVI', [...ascii('RIFF'), 90, 0, 0, 0, ...ascii('AVI LIST')], '16 of its 98 bytes are there'],
  ['a whole GIF, with zeros after it', [...ascii('GIF89a........'), 0x3b, 0, 0], undefined],
  ['a cut GIF', ascii('GIF89a........'), 'its end mark is missing'],
  ['something else', ascii('no container at all'), undefined],
])('%s', async (_, bytes, words) => {
  expect(await cutOff(bytesSource(Uint8Array.from(bytes)))).toBe(words)
})

test('any bytes have an answer, and soon', async () => {
  const begin = fc.constantFrom(PNG, EBML, ascii('RIFF'), box('ftyp', 16), [])
  await fc.assert(
    fc.asyncProperty(begin, fc.array(fc.nat(255), { maxLength: 200 }), async (head, rest) => {
      const source = bytesSource(Uint8Array.from([...head, ...rest]))
      expect(['picture', 'safetensors', 'video']).toContain(await sniffForm(source))
      expect((await cutOff(source)) ?? 'bytes are there').toMatch(/bytes are there|end mark/)
    }),
  )
})
