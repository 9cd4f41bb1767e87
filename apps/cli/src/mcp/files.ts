// The folder that videos are written to, and names in it. Nothing outside it is written or read: a name comes from a prompt, and
// a prompt from an assistant that may have read anything.

import { existsSync } from 'node:fs'
import { mkdir, realpath, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Failure, UsageError } from '../errors.ts'
import { slug } from '../outputs.ts'

const MOST_SAME = 1000

/** Videos or Movies at home where there is one. */
export function outputFolder(given: string | undefined): string {
  if (given !== undefined) return resolve(given)
  const videos = ['Videos', 'Movies'].map((name) => join(homedir(), name)).find((folder) => existsSync(folder))
  return join(videos ?? homedir(), 'Kinora')
}

/** A path in the folder that is free, named after prompt and seed; makes the folder. */
export async function newFile(
  folder: string,
  { prompt, seed, format }: { prompt: string; seed: number | string; format: string },
): Promise<string> {
  await mkdir(folder, { recursive: true }).catch((cause: Error) => {
    throw new Failure(`the folder ${folder} cannot be made: ${cause.message}`, 'name another one with --output', { cause })
  })
  const name = `${slug(prompt)}-${seed}`
  for (let i = 1; i <= MOST_SAME; i++) {
    const path = join(folder, `${name}${i === 1 ? '' : `-${i}`}.${format}`)
    if (!existsSync(path)) return path
  }
  throw new Failure(`${folder} has ${MOST_SAME} files named ${name}`, 'take another seed, or move some of them')
}

/** The path that an assistant names, where it is a file of the folder. Throws UsageError. */
export async function fileIn(folder: string, named: string): Promise<string> {
  const path = resolve(folder, named.startsWith('file:') ? pathOfUrl(named) : named)
  const [inside, real] = await Promise.all([folder, path].map((each) => realpath(each).catch(() => undefined)))
  const way = inside === undefined || real === undefined ? undefined : relative(inside, real)
  if (real === undefined || way === undefined || way === '' || way.startsWith('..') || isAbsolute(way) || !(await stat(real)).isFile())
    throw new UsageError(`there is no video ${named} in ${folder}`, 'only videos that were made here can be looked at')
  return real
}

function pathOfUrl(url: string): string {
  try {
    return fileURLToPath(url)
  } catch (cause) {
    throw new UsageError(`${url} is no address of a file of this machine`, 'it begins with file:///', { cause })
  }
}
