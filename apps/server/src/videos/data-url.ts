// A file that stands in the request itself, as a data URL (RFC 2397). Other URLs are not fetched: a service that fetches what
// strangers name can be sent against its own network.

import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { ServerError } from '../errors.ts'
import { newSecret } from '../ids.ts'
import { refusal } from './bounds.ts'

const HEAD = /^data:[\w.+-]*\/?[\w.+-]*(;[\w.+-]+=[\w.+-]*)*;base64,/
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/

/** Writes the URL's bytes to a new file in the folder. Throws ServerError for what is no such URL, or has more bytes. */
export async function fileOfDataUrl(url: string, folder: string, mostBytes: number, param: string): Promise<string> {
  const [head] = HEAD.exec(url.slice(0, 300)) ?? []
  if (head === undefined)
    throw refusal('it must be a data URL such as data:image/png;base64,...: other URLs are not fetched; or send the file in a form', param)
  const text = url.slice(head.length)
  if ((text.length * 3) / 4 > mostBytes + 2)
    throw new ServerError(`the file in ${param} is too large: at most ${mostBytes} bytes are taken`, {
      status: 413,
      code: 'upload_too_large',
      param,
    })
  if (text === '' || !BASE64.test(text)) throw refusal('what follows base64, in the data URL is not base64', param)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const place = path.join(folder, newSecret())
  await writeFile(place, Buffer.from(text, 'base64'), { mode: 0o600, flag: 'wx' })
  return place
}
