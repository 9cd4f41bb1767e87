// `bench text`: the text encoder over a prompt and a negative prompt, 77 tokens each, one after the other
// as both pipelines encode them. Our side's step includes the tokenizer, which takes milliseconds.

import type { ModelFiles } from '../packages/kinora/src/pipelines/model-files.ts'
import { encodeTexts } from '../packages/kinora/src/pipelines/text-encoding.ts'
import { tensor } from '../packages/kinora/src/tensor/tensor.ts'
import type { Benchmark } from './benchmark.ts'
import { shapesOf, textFlops, totalFlops } from './flops.ts'
import type { BenchOptions } from './options.ts'

export const TEXTS = ['a panda eating bamboo on a rock in the rain, seen from the side', 'low quality, watermark'] as const

export function textBenchmark(_options: BenchOptions, { tokenizer, checkpoint }: ModelFiles): Benchmark {
  const tokens = tokenizer.maxLength
  const ids = BigInt64Array.from(
    TEXTS.flatMap((text) => tokenizer.encode(text).ids),
    BigInt,
  )
  return {
    title: `text encoder over ${TEXTS.length} prompts of ${tokens} tokens`,
    unit: 'pair',
    flops: TEXTS.length * totalFlops(textFlops(shapesOf(checkpoint.weights('text_encoder')), tokens)),
    steps: 20,
    distinct: 1,
    part: 'text_encoder',
    inputs: { input_ids: tensor('int64', [TEXTS.length, tokens], ids) },
    prepare: (bench) => {
      const { files, sessions } = bench.parts
      const run = { files, sessions, options: {}, settings: {}, warn: () => {} }
      return async () => {
        const parts: number[][] = []
        for (const text of TEXTS) parts.push([...(await encodeTexts(run, [text], 0)).data])
        return Float32Array.from(parts.flat())
      }
    },
  }
}
