// CLIP's merges as the package brings them: the first 48,894 lines of OpenAI's bpe_simple_vocab_16e6.txt behind a
// version line, which is byte for byte the merges.txt of the published checkpoints.

import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'

/** Text of merges.txt. */
export async function readClipMerges(): Promise<string> {
  const bytes = await readFile(new URL('../../data/clip-merges.txt.gz', import.meta.url))
  return (await promisify(gunzip)(bytes)).toString('utf8')
}
