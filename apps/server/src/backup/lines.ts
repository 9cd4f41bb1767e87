// Files of JSON lines with a digest: written once, read with every line bounded and the whole compared with what the manifest says.

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, open } from 'node:fs/promises'
import path from 'node:path'
import type { z } from 'zod'
import { badBackup, type ListingEntry } from './manifest.ts'

const MOST_LINE = 16 * 2 ** 20

/** Writes a new file, on the disk when it resolves. */
export async function writeLines(file: string, chunks: AsyncIterable<readonly string[]>): Promise<ListingEntry> {
  const hash = createHash('sha256')
  let rows = 0
  await using handle = await open(file, 'wx', 0o600)
  for await (const lines of chunks) {
    const text = lines.map((line) => `${line}\n`).join('')
    hash.update(text)
    await handle.appendFile(text)
    rows += lines.length
  }
  await handle.sync()
  return { rows, sha256: hash.digest('hex') }
}

/** Its lines. Throws ServerError (`bad_backup`) where it is not as the manifest says, at the latest after the last line. */
export async function* readLines(file: string, { rows, sha256 }: ListingEntry): AsyncGenerator<string> {
  const name = path.basename(file)
  const info = await lstat(file).catch(() => undefined)
  if (!info?.isFile()) throw badBackup(`${name} is missing`)
  const hash = createHash('sha256')
  let count = 0
  let rest = Buffer.alloc(0)
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    rest = Buffer.concat([rest, chunk])
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      count++
      yield rest.toString('utf8', 0, end)
      rest = rest.subarray(end + 1)
    }
    if (rest.length > MOST_LINE) throw badBackup(`${name} has a line that is longer than it can be`)
  }
  if (rest.length > 0 || count !== rows || hash.digest('hex') !== sha256) throw badBackup(`${name} was changed or cut off`)
}

/** Throws ServerError (`bad_backup`) for a line that is not of this form. */
export function parseLine<T extends z.ZodType>(schema: T, line: string): z.output<T> {
  try {
    return schema.parse(JSON.parse(line))
  } catch {
    throw badBackup('a line of it is not of the form that Kinora writes')
  }
}
