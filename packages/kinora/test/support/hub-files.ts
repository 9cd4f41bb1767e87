// Files of repositories on the hub that tests start, and the names that caches give them.

import { createHash } from 'node:crypto'

/** What a hub keeps in large file storage. */
export const LARGE = /\.(?:safetensors|bin|pth|pt|ckpt)$/

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
export const gitOid = (bytes: Buffer): string => createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
/** The name of a file's content in caches. */
export const etag = (path: string, bytes: Buffer): string => (LARGE.test(path) ? sha256(bytes) : gitOid(bytes))

/** Bytes that differ from one name to another. */
export function content(name: string, bytes: number): Buffer {
  return Buffer.alloc(bytes, Buffer.from(`${name} `))
}

/** A small diffusers repository, with what real ones have beside the files that are needed. */
export function modelFiles(unetBytes = 300_000): Record<string, Buffer> {
  const configs = ['text_encoder/config.json', 'unet/config.json', 'vae/config.json', 'scheduler/scheduler_config.json']
  return {
    '.gitattributes': Buffer.from('*.bin filter=lfs\n'),
    'README.md': Buffer.from('# a model\n'),
    'model_index.json': Buffer.from(JSON.stringify({ _class_name: 'TextToVideoSDPipeline' })),
    ...Object.fromEntries(configs.map((name) => [name, Buffer.from(`{"of": "${name}"}`)])),
    'tokenizer/merges.txt': content('merges', 4000),
    'tokenizer/vocab.json': content('vocab', 5000),
    'text_encoder/model.fp16.safetensors': content('text half', 90_000),
    'text_encoder/model.safetensors': content('text', 180_000),
    'unet/diffusion_pytorch_model.fp16.safetensors': content('unet half', unetBytes),
    'unet/diffusion_pytorch_model.safetensors': content('unet', 2 * unetBytes),
    'unet/diffusion_pytorch_model.bin': content('unet pickle', 2 * unetBytes),
    'vae/diffusion_pytorch_model.safetensors': content('vae', 70_000),
    'vae/flax_model.msgpack': content('flax', 9_000),
    'model.pth': content('original', 9_000),
  }
}
