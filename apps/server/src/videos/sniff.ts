// What an uploaded file is stored as, by its first bytes; its name and the client's word say nothing. Whether it can be decoded
// is check-upload.ts's matter.

import { open } from 'node:fs/promises'

export interface FileForm {
  /** Of the storage key. */
  readonly extension: string
  readonly mediaType: string
}

/** Of the first bytes in hexadecimal digits: `ftyp`, EBML, RIFF, GIF8 and the marks of PNG and JPEG. */
const FORMS: readonly (readonly [RegExp, extension: string, mediaType: string])[] = [
  [/^.{8}667479707174/, 'mov', 'video/quicktime'],
  [/^.{8}6674797061766(966|973)/, 'avif', 'image/avif'],
  [/^.{8}66747970/, 'mp4', 'video/mp4'],
  [/^1a45dfa3(..)*7765626d/, 'webm', 'video/webm'],
  [/^1a45dfa3/, 'mkv', 'video/x-matroska'],
  [/^52494646.{8}41564920/, 'avi', 'video/x-msvideo'],
  [/^52494646.{8}57454250/, 'webp', 'image/webp'],
  [/^47494638/, 'gif', 'image/gif'],
  [/^89504e470d0a1a0a/, 'png', 'image/png'],
  [/^ffd8ff/, 'jpg', 'image/jpeg'],
]
const HEAD_BYTES = 64

export async function fileForm(path: string): Promise<FileForm> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    const head = buffer.toString('hex', 0, bytesRead)
    const [, extension, mediaType] = FORMS.find(([pattern]) => pattern.test(head)) ?? [undefined, 'bin', 'application/octet-stream']
    return { extension, mediaType }
  } finally {
    await file.close()
  }
}
