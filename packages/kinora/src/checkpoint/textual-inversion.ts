// Textual inversion files (Gal et al. 2022, arXiv 2208.01618): a word for a prompt and the embedding vectors that it stands
// for. Reads what diffusers (learned_embeds), AUTOMATIC1111's web UI (string_to_param) and kohya's scripts
// (emb_params) write, in whatever container tensor-file.ts knows. The vectors are small and are read whole.

import { openFolder } from '#files'
import { ArgumentError, CheckpointError } from '../errors.ts'
import { decodeBfloat16, decodeFloat16 } from '../tensor/half.ts'
import type { DType, Tensor } from '../tensor/tensor.ts'
import { tensor } from '../tensor/tensor.ts'
import { type CheckpointFiles, shownPath } from './files.ts'
import { excerpt } from './json.ts'
import { splitPath } from './split-path.ts'
import { readTensor, readTensorFile, type StoredTensor, type TensorFile } from './tensor-file.ts'

export interface TextualInversion {
  /** What a prompt says for it. */
  readonly token: string
  /** [n, D]: n places in the prompt, each as wide as the text encoder. */
  readonly vectors: Tensor<'float32'>
  /** The file, for messages. */
  readonly source: string
}

interface TextualInversionOptions {
  /** Default: the token that the file names, else the file's name without its ending. */
  token?: string
}

/** What diffusers calls the file in a folder of its own. */
const FOLDER_FILES = ['learned_embeds.safetensors', 'learned_embeds.bin']

/** A prompt has no more places; the widest text encoders are 4096 wide. */
const MAX_VECTORS = 75
const MAX_WIDTH = 1 << 16

const MAX_TOKEN_LENGTH = 200

/**
 * Opens a textual inversion file, or a folder with diffusers' learned_embeds file. Throws ArgumentError for a malformed token,
 * CheckpointError when the file is missing, damaged or something else.
 */
export async function openTextualInversion(path: string, options: TextualInversionOptions = {}): Promise<TextualInversion> {
  const { folder: parent, name } = splitPath(path)
  const files = await openFolder(parent).catch((cause: unknown) => {
    throw new CheckpointError(`${path} does not exist: name a textual inversion file`, { cause })
  })
  if (await files.exists(name)) return readTextualInversion(files, name, options)
  if ((await files.list(name)).length === 0) throw new CheckpointError(`${path} does not exist: name a textual inversion file`)
  // Opened anew, so that links of a hub cache's snapshot lead into its blobs.
  const folder = await openFolder(path)
  for (const file of FOLDER_FILES) if (await folder.exists(file)) return readTextualInversion(folder, file, options)
  throw new CheckpointError(`${path} has no ${FOLDER_FILES.join(' or ')}: name the file itself`)
}

async function readTextualInversion(
  files: CheckpointFiles,
  path: string,
  { token }: TextualInversionOptions = {},
): Promise<TextualInversion> {
  if (token !== undefined && !isToken(token))
    throw new ArgumentError(`the token ${excerpt(JSON.stringify(token))} must be 1 to ${MAX_TOKEN_LENGTH} printed characters`)
  const file = await readTensorFile(files, path)
  const { name, ownToken } = findVectors(file)
  const stem = path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '')
  const chosen = token ?? (ownToken || stem)
  if (!isToken(chosen))
    throw new CheckpointError(
      `${file.file} calls its token ${excerpt(JSON.stringify(chosen))}, which no prompt can hold: give another token`,
    )
  const stored = file.tensors.get(name)!
  checkVectors(stored, `${file.file}: ${excerpt(name)}`)
  const vectors = await readTensor(files, path, stored)
  return { token: chosen, vectors: toFloat32(vectors, file.file), source: shownPath(files, path) }
}

function isToken(token: string): boolean {
  return token.length > 0 && token.length <= MAX_TOKEN_LENGTH && token.trim() === token && !/\p{Cc}/u.test(token)
}

/** Which tensor holds the vectors, and the token that the file names. Scalars beside it (`step`) do not count. */
function findVectors({ tensors, metadata, file }: TensorFile): { name: string; ownToken: string | undefined } {
  const names = [...tensors.keys()].filter((name) => tensors.get(name)!.shape.length > 0)
  const webUi = names.filter((name) => name.startsWith('string_to_param.'))
  if (webUi.length === 1) return { name: webUi[0]!, ownToken: metadata.get('name') }
  if (tensors.has('emb_params')) return { name: 'emb_params', ownToken: undefined }
  if (tensors.has('clip_g'))
    throw new CheckpointError(
      `${file} is a textual inversion for Stable Diffusion XL, whose text encoders are others: use one for this model`,
    )
  // A pickle of one tensor without a name arrives as `0`.
  if (names.length === 1) return { name: names[0]!, ownToken: names[0] === '0' ? undefined : names[0] }
  const shown = names.slice(0, 3).map(excerpt).join(', ')
  throw new CheckpointError(`${file} holds ${names.length} tensors (${shown || 'none'}); a textual inversion holds one, or string_to_param`)
}

function checkVectors(stored: StoredTensor, tensorName: string): asserts stored is StoredTensor & { dtype: DType } {
  const { dtype, dtypeName, shape } = stored
  const [count, width] = shape.length === 1 ? [1, shape[0]!] : shape
  if (shape.length > 2 || !count || !width || count > MAX_VECTORS || width > MAX_WIDTH)
    throw new CheckpointError(
      `${tensorName} has shape [${excerpt(shape.join(', '))}]; a textual inversion is [n, width] with n from 1 to ${MAX_VECTORS}`,
    )
  if (dtype !== 'float32' && dtype !== 'float16' && dtype !== 'bfloat16' && dtype !== 'float64')
    throw new CheckpointError(`${tensorName} is ${excerpt(dtypeName)}; Kinora reads embeddings in F64, F32, F16 and BF16`)
}

/** [D] or [n, D] of any float -> [n, D] */
function toFloat32({ dtype, shape, data }: Tensor, file: string): Tensor<'float32'> {
  const values =
    dtype === 'float16'
      ? decodeFloat16(data as Uint16Array)
      : dtype === 'bfloat16'
        ? decodeBfloat16(data as Uint16Array)
        : Float32Array.from(data as Float32Array)
  if (!values.every(Number.isFinite)) throw new CheckpointError(`${file} holds values that are not finite numbers: it is damaged`)
  return tensor('float32', shape.length === 1 ? [1, ...shape] : shape, values)
}
