// Apart from what reads files (from-file.ts), which is loaded when there is one.

/** Why a file gave no settings: it is no mp4 or webm, or says nothing of how it was made. */
export class FileError extends Error {
  readonly code: 'not_a_video' | 'no_settings'

  constructor(message: string, { code, cause }: { code: FileError['code']; cause?: unknown }) {
    super(message, { cause })
    this.name = 'FileError'
    this.code = code
  }
}
