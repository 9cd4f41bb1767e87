// Writes a full-size checkpoint of text-to-video-ms-1.7b with random weights, in the diffusers
// folder layout, so that speed and memory can be measured without a download. Scales are chosen so
// that activations stay near one through the whole UNet and no branch is silent (upstream starts
// some at zero, which would hide errors). Weights stream to disk a few megabytes at a time.
// Usage: node bench/random-checkpoint.ts [--out FOLDER] [--dtype float32|float16|both] [--seed N] [--force]

import { closeSync, cpSync, existsSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { COMPONENTS, CONFIG_FILES, type ComponentName, fullSizeShapes, TOKENIZER_FOLDER } from './full-size.ts'
import { normalQuantiles, seedOf, tableSampler } from './noise.ts'

type CheckpointDType = 'float32' | 'float16'

const CHUNK_ELEMENTS = 2 ** 21
const SAFETENSORS_DTYPE = { float32: 'F32', float16: 'F16' } as const
const ELEMENT_BYTES = { float32: 4, float16: 2 } as const

/** Closes a residual branch; a smaller gain keeps the running sum from growing with depth. */
const BRANCH_END = /(conv2|conv4\.3|to_out\.0|ff\.net\.2|proj_out|mlp\.fc2|self_attn\.out_proj)\.weight$/
/** Feeds on SiLU's output, whose second moment is 0.36. */
const AFTER_SILU = /(conv1|conv1\.2|conv[23]\.3|conv_out|time_embedding\.linear_2|time_emb_proj)\.weight$/
/** Queries with a standard deviation of two make attention choose, so that mistakes in it show. */
const QUERY = /(to_q|q_proj)\.weight$/
const EMBEDDING = /(token|position)_embedding\.weight$/

/** Mean and standard deviation of a tensor's random values, from its name and shape. */
export function initialScale(name: string, shape: readonly number[]): { mean: number; std: number } {
  if (name.endsWith('.bias')) return { mean: 0, std: 0.02 }
  if (shape.length === 1) return { mean: 1, std: 0.1 }
  if (EMBEDDING.test(name)) return { mean: 0, std: 0.5 }
  const fanIn = shape.slice(1).reduce((product, size) => product * size, 1)
  const gain = BRANCH_END.test(name) ? 0.5 : AFTER_SILU.test(name) ? 1.6 : QUERY.test(name) ? 2 : 1
  return { mean: 0, std: gain / Math.sqrt(fanIn) }
}

/** Default place of the benchmark's checkpoint: $KINORA_BENCH_DIR, else the system's temporary folder. */
export function defaultCheckpointFolder(): string {
  return join(process.env.KINORA_BENCH_DIR ?? join(tmpdir(), 'kinora-bench'), 'ms-1.7b')
}

/** Path of a component's weights inside the checkpoint; float16 is the variant `fp16`. */
function weightFile(component: ComponentName, dtype: CheckpointDType): string {
  const stem = COMPONENTS.find(({ name }) => name === component)?.file
  return join(component, `${stem}${dtype === 'float16' ? '.fp16' : ''}.safetensors`)
}

interface RandomCheckpointOptions {
  folder: string
  dtypes: readonly CheckpointDType[]
  seed?: number
  /** Rewrites weight files that are already there. */
  force?: boolean
  log?: (line: string) => void
}

/** Writes what the folder still lacks; finished weight files are kept, unfinished ones never appear under their name. */
export function writeRandomCheckpoint({ folder, dtypes, seed = 0, force = false, log = () => {} }: RandomCheckpointOptions): void {
  for (const [path, value] of Object.entries(CONFIG_FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), `${JSON.stringify(value, null, 2)}\n`)
  }
  cpSync(TOKENIZER_FOLDER, join(folder, 'tokenizer'), { recursive: true })
  const quantiles = normalQuantiles()
  for (const { name: component } of COMPONENTS) {
    for (const dtype of dtypes) {
      const path = join(folder, weightFile(component, dtype))
      if (existsSync(path) && !force) continue
      const start = performance.now()
      writeWeights(path, fullSizeShapes(component), dtype, quantiles, seed)
      const seconds = (performance.now() - start) / 1000
      log(`${path}: ${(statSync(path).size / 1e9).toFixed(2)} GB in ${seconds.toFixed(1)} s`)
    }
  }
}

/** Both dtypes hold the same values, each rounded to its own precision. */
function writeWeights(path: string, shapes: Record<string, number[]>, dtype: CheckpointDType, quantiles: Float64Array, seed: number): void {
  const partial = `${path}.partial`
  const file = openSync(partial, 'w')
  try {
    writeFully(file, encodeHeader(shapes, dtype))
    const chunk = dtype === 'float32' ? new Float32Array(CHUNK_ELEMENTS) : new Uint16Array(CHUNK_ELEMENTS)
    for (const [name, shape] of Object.entries(shapes)) {
      const { mean, std } = initialScale(name, shape)
      const values = quantiles.map((q) => mean + std * q)
      const table = dtype === 'float32' ? new Float32Array(values) : new Uint16Array(new Float16Array(values).buffer)
      const fill = tableSampler(table, seedOf(`${seed}/${name}`))
      let left = shape.reduce((product, size) => product * size, 1)
      for (; left > 0; left -= CHUNK_ELEMENTS) {
        const part = chunk.subarray(0, Math.min(left, CHUNK_ELEMENTS))
        fill(part)
        writeFully(file, new Uint8Array(part.buffer, 0, part.byteLength))
      }
    }
    renameSync(partial, path)
  } finally {
    closeSync(file)
    rmSync(partial, { force: true })
  }
}

/** Padded so that the data starts at 2 modulo 8, as in the published files: readers must cope with it. */
function encodeHeader(shapes: Record<string, number[]>, dtype: CheckpointDType): Uint8Array {
  const entries: [string, unknown][] = [['__metadata__', { format: 'pt' }]]
  let offset = 0
  for (const [name, shape] of Object.entries(shapes)) {
    const end = offset + shape.reduce((product, size) => product * size, ELEMENT_BYTES[dtype])
    entries.push([name, { dtype: SAFETENSORS_DTYPE[dtype], shape, data_offsets: [offset, end] }])
    offset = end
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)))
  const length = json.length + ((10 - (json.length % 8)) % 8)
  const bytes = new Uint8Array(8 + length).fill(0x20)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  bytes.set(json, 8)
  return bytes
}

function writeFully(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done)
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: defaultCheckpointFolder() },
      dtype: { type: 'string', default: 'float32' },
      seed: { type: 'string', default: '0' },
      force: { type: 'boolean', default: false },
    },
  })
  const dtypes = values.dtype === 'both' ? ['float32', 'float16'] : [values.dtype]
  if (!dtypes.every((dtype): dtype is CheckpointDType => dtype in ELEMENT_BYTES))
    throw new Error(`--dtype ${values.dtype}: float32, float16 or both is expected`)
  writeRandomCheckpoint({ folder: values.out, dtypes, seed: Number(values.seed), force: values.force, log: console.log })
}
