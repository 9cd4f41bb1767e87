// Adapter files for tests: written to a fresh folder, opened, and applied to the reference's small
// checkpoint, whose spatial attention is 8 wide and whose text encoder is 16 wide.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach } from 'vitest'
import type { Checkpoint } from '../../src/checkpoint/checkpoint.ts'
import { applyLoras } from '../../src/checkpoint/lora/apply.ts'
import type { LoraComponent } from '../../src/checkpoint/lora/lora.ts'
import { openLora } from '../../src/checkpoint/lora/open.ts'
import { openCheckpoint } from '../../src/checkpoint/open.ts'
import { CheckpointError } from '../../src/errors.ts'
import { encodeSafetensors } from '../../src/tensor/safetensors.ts'
import { type Tensor, tensor } from '../../src/tensor/tensor.ts'
import { fixture } from './safetensors.ts'

/** An attention of the UNet, [8, 8] each, and one of the text encoder, [16, 16] each. */
export const SPATIAL = 'down_blocks.0.attentions.0.transformer_blocks.0.attn1'
export const TEXT = 'encoder.layers.1.self_attn'

export const smallCheckpoint = (): Promise<Checkpoint> => openCheckpoint(fixture('checkpoints/ms'))
export const matrix = (...shape: number[]): Tensor => tensor('float32', shape)
export const number = (value: number): Tensor => tensor('float32', [], Float32Array.of(value))

export interface AdapterFolder {
  /** This test's own folder. */
  readonly root: string
  write(name: string, content: string | Uint8Array | Record<string, Tensor>, metadata?: Record<string, string>): string
}

/** A folder that is fresh for each test of the file that calls this. */
export function adapterFolder(): AdapterFolder {
  const temp = mkdtempSync(path.join(tmpdir(), 'kinora-lora-'))
  let count = 0
  let root = temp
  beforeEach(() => {
    root = path.join(temp, `adapter-${count++}`)
    mkdirSync(root)
  })
  afterAll(() => rmSync(temp, { recursive: true, force: true }))
  return {
    get root() {
      return root
    },
    write: (name, content, metadata) => {
      const file = path.join(root, name)
      mkdirSync(path.dirname(file), { recursive: true })
      const raw = typeof content === 'string' || content instanceof Uint8Array
      writeFileSync(file, raw ? content : Buffer.concat(encodeSafetensors(content, metadata)))
      return file
    },
  }
}

/** The tensors of a component that the adapter changes, and their scales. */
export async function changes(file: string, component: LoraComponent, scale = 1): Promise<Record<string, number[]>> {
  const applied = applyLoras(await smallCheckpoint(), [{ lora: await openLora(file), scale }])
  const changed = [...applied.weights(component).entries()].filter(([, { deltas }]) => deltas)
  return Object.fromEntries(changed.map(([name, { deltas }]) => [name, deltas!.map((delta) => delta.scale)]))
}

/** What opening or applying the adapter says, its folder as ROOT. */
export async function complaint(file: string): Promise<string> {
  const error: unknown = await changes(file, 'unet').then(
    () => new Error('no error'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof CheckpointError)) throw error
  return error.message.replaceAll(path.dirname(file), 'ROOT')
}
