// Random access to the bytes of an untrusted file, from wherever they come (a file handle, a Blob).
// Every read is checked against the size, so that the format readers need no bounds of their own.

export interface ByteSource {
  readonly size: number
  /** Exactly `length` bytes from `offset`; both were checked to lie inside. */
  read(offset: number, length: number): Promise<Uint8Array>
}

/** Longest metadata text that is read from a file. */
export const MAX_TEXT_BYTES = 1 << 20

/** Bytes at `offset`, or undefined where the file is too short or the range makes no sense. */
export async function readAt(source: ByteSource, offset: number, length: number): Promise<DataView | undefined> {
  if (!(Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0 && offset + length <= source.size))
    return undefined
  const bytes = await source.read(offset, length)
  return bytes.length === length ? new DataView(bytes.buffer, bytes.byteOffset, length) : undefined
}

/** UTF-8 text at `offset`, undefined when longer than `MAX_TEXT_BYTES` or outside the file. */
export async function readText(source: ByteSource, offset: number, length: number): Promise<string | undefined> {
  const view = length <= MAX_TEXT_BYTES ? await readAt(source, offset, length) : undefined
  return view && new TextDecoder().decode(view)
}

/** A source over bytes in memory. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) }
}
