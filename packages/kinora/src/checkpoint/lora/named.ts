// Adapters whose tensors name their modules: PEFT, diffusers, kohya and stable_lora. Gathers each module's
// tensors and its scale; which module of the model is meant is settled when the adapter meets one.

import { CheckpointError } from '../../errors.ts'
import { bfloat16ToFloat32, float16ToFloat32 } from '../../tensor/half.ts'
import { elementCount, type Tensor } from '../../tensor/tensor.ts'
import { excerpt } from '../json.ts'
import type { AdapterFile } from './adapter-file.ts'
import { weightEntry } from './adapter-file.ts'
import type { LoraComponent, LoraFormat, NamedChange } from './lora.ts'
import type { ScaleRule } from './peft-config.ts'
import { type LoraPart, parseTensorName } from './tensor-names.ts'

/** A module's tensors: its name in the file, for each part. */
interface Group {
  readonly module: string
  readonly component: LoraComponent | undefined
  readonly names: Map<LoraPart, string>
}

export interface NamedLora {
  readonly changes: readonly NamedChange[]
  readonly alphas: readonly number[]
}

/** `rule` is the PEFT config's. Throws CheckpointError for a module whose tensors are incomplete or held twice. */
export async function readNamedChanges(file: AdapterFile, format: LoraFormat, rule?: ScaleRule): Promise<NamedLora> {
  const changes: NamedChange[] = []
  const alphas: number[] = []
  for (const group of groups(file)) {
    checkParts(file, group, format)
    changes.push(...denseChanges(file, group))
    if (!group.names.has('up')) continue
    const { alpha, change } = await pairChange(file, group, rule)
    changes.push(change)
    if (alpha !== undefined) alphas.push(alpha)
  }
  return { changes, alphas }
}

async function pairChange(file: AdapterFile, { module, component, names }: Group, rule?: ScaleRule) {
  const pair = { up: weightEntry(file, names.get('up')!), down: weightEntry(file, names.get('down')!) }
  const rank = pair.down.shape[0] ?? 0
  if (rank < 1) throw new CheckpointError(`${file.file}: ${excerpt(names.get('down'))} has rank 0`)
  const alphaName = names.get('alpha')
  const alpha = alphaName === undefined ? undefined : scalarOf(file, alphaName, await file.read(alphaName))
  const given = alpha === undefined ? rule?.(module, rank, component) : { alpha, scale: alpha / rank }
  const change: NamedChange = { module, component, tensor: 'weight', scale: given?.scale ?? 1, change: pair }
  return { alpha: given?.alpha, change }
}

function denseChanges(file: AdapterFile, { module, component, names }: Group): NamedChange[] {
  const parts = [
    ['dense', 'weight', false],
    ['dense_bias', 'bias', false],
    ['bias', 'bias', true],
  ] as const
  return parts.flatMap(([part, tensor, whole]) => {
    const name = names.get(part)
    return name === undefined ? [] : [{ module, component, tensor, scale: 1, change: { dense: weightEntry(file, name), whole } }]
  })
}

function groups(file: AdapterFile): Group[] {
  const found = new Map<string, Group>()
  for (const name of file.tensors.keys()) {
    const { module, component, part } = parseTensorName(name)!
    const key = `${component ?? ''} ${module}`
    const group = found.get(key) ?? { module, component, names: new Map() }
    const twin = group.names.get(part)
    if (twin !== undefined) throw new CheckpointError(`${file.file}: ${excerpt(twin)} and ${excerpt(name)} are the same part of one module`)
    group.names.set(part, name)
    found.set(key, group)
  }
  return [...found.values()]
}

/** up and down come together, alpha goes with them, and only stable_lora saves whole biases. */
function checkParts({ file }: AdapterFile, { names }: Group, format: LoraFormat): void {
  const [first] = names.values()
  if (names.has('up') !== names.has('down'))
    throw new CheckpointError(
      `${file}: ${excerpt(first)} has no ${names.has('up') ? 'down' : 'up'} matrix beside it; download the file again`,
    )
  if (names.has('alpha') && !names.has('up') && !names.has('dense'))
    throw new CheckpointError(`${file}: ${excerpt(names.get('alpha'))} belongs to no matrices; download the file again`)
  if (names.has('bias') && format !== 'stable-lora')
    throw new CheckpointError(
      `${file} holds trained biases (${excerpt(names.get('bias'))}), which Kinora does not merge: train with bias "none"`,
    )
}

/** The one number of a tensor such as alpha. */
function scalarOf({ file }: AdapterFile, name: string, { dtype, shape, data }: Tensor): number {
  const [value] = data
  if (elementCount(shape) !== 1 || value === undefined)
    throw new CheckpointError(`${file}: ${excerpt(name)} is [${shape.join(', ')}], not one number`)
  const number =
    dtype === 'float16' ? float16ToFloat32(Number(value)) : dtype === 'bfloat16' ? bfloat16ToFloat32(Number(value)) : Number(value)
  if (!Number.isFinite(number)) throw new CheckpointError(`${file}: ${excerpt(name)} is ${number}, not a finite number`)
  return number
}
