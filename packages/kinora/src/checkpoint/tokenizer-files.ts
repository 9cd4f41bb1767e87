// The CLIP tokenizer's data out of a checkpoint folder: vocab.json with merges.txt, or the one tokenizer.json
// that transformers 5 writes in their place. Checks that the data is sound; tokenizes nothing.

import { CheckpointError } from '../errors.ts'
import type { TokenizerFiles } from './checkpoint.ts'
import { type CheckpointFiles, shownPath } from './files.ts'
import { excerpt, isJsonObject, type JsonObject, parseJsonObject } from './json.ts'
import { listing } from './weight-files.ts'

/** Far above CLIP's 49,408; keeps arrays indexed by id small. */
const MAX_TOKENS = 4_000_000

/** Reads the tokenizer in `folder`. Throws CheckpointError when files are missing or contradict each other. */
export async function readTokenizerFiles(files: CheckpointFiles, folder: string): Promise<TokenizerFiles> {
  const shown = (name: string) => shownPath(files, `${folder}/${name}`)
  const optional = async (name: string) =>
    (await files.exists(`${folder}/${name}`)) ? parseJsonObject(await files.readText(`${folder}/${name}`), shown(name)) : undefined
  const config = (await optional('tokenizer_config.json')) ?? {}
  const specialTokens = await optional('special_tokens_map.json')
  const vocab = await optional('vocab.json')
  const hasMerges = await files.exists(`${folder}/merges.txt`)
  if (vocab && hasMerges) {
    const merges = parseMerges(await files.readText(`${folder}/merges.txt`))
    return check({ vocab, merges, specialTokens: specialTokens ?? {}, config }, shown('merges.txt'), shown('vocab.json'))
  }
  const single = await optional('tokenizer.json')
  if (single)
    return check({ ...fromTokenizerJson(single, config, specialTokens), config }, shown('tokenizer.json'), shown('tokenizer.json'))
  const there = listing(await files.list(folder))
  throw new CheckpointError(
    `${shownPath(files, folder)} has no tokenizer: looked for vocab.json with merges.txt, or tokenizer.json; there is ${there}`,
  )
}

/** The lines of merges.txt without the version line, CR trimmed. */
export function parseMerges(text: string): string[] {
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
  return lines.filter((line, i) => line !== '' && !(i === 0 && line.startsWith('#version')))
}

interface Unchecked {
  vocab: unknown
  merges: unknown
  specialTokens: JsonObject
}

/** Here the special tokens stand in the config by their text; what else is known of them is in `added_tokens`. */
function fromTokenizerJson(json: JsonObject, config: JsonObject, specialTokens: JsonObject | undefined): Unchecked {
  const model = isJsonObject(json.model) ? json.model : {}
  const added = Array.isArray(json.added_tokens) ? json.added_tokens.filter(isJsonObject) : []
  const roles = ['bos_token', 'eos_token', 'unk_token', 'pad_token'].flatMap((role) => {
    const token = added.find(({ content }) => content === config[role])
    return token ? [[role, token] as const] : []
  })
  const merges = Array.isArray(model.merges) ? model.merges.map((pair) => (Array.isArray(pair) ? pair.join(' ') : pair)) : undefined
  return { vocab: model.vocab, merges, specialTokens: specialTokens ?? Object.fromEntries(roles) }
}

function check({ vocab, merges, ...rest }: Unchecked & { config: JsonObject }, mergesFile: string, vocabFile: string): TokenizerFiles {
  if (!isVocab(vocab)) throw new CheckpointError(`${vocabFile} is not a map of tokens to ids from 0 to ${MAX_TOKENS - 1}`)
  if (!Array.isArray(merges)) throw new CheckpointError(`${mergesFile} has no list of merges`)
  merges.forEach((merge: unknown, i) => {
    const [left, right, ...more] = typeof merge === 'string' ? merge.split(' ') : []
    if (!left || !right || more.length > 0) throw new CheckpointError(`${mergesFile}: merge ${i + 1} is ${excerpt(merge)}, not two tokens`)
    const unknown = [left, right, left + right].find((token) => !Object.hasOwn(vocab, token))
    if (unknown !== undefined)
      throw new CheckpointError(`${mergesFile}: merge ${i + 1} needs the token ${excerpt(unknown)}, which is not in ${vocabFile}`)
  })
  return { vocab, merges: merges as string[], ...rest }
}

function isVocab(value: unknown): value is Record<string, number> {
  return isJsonObject(value) && Object.values(value).every((id) => Number.isInteger(id) && Number(id) >= 0 && Number(id) < MAX_TOKENS)
}
