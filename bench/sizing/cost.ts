// What a video costs: seconds x price per hour. For your own price and machine:
//
//   node --conditions=kinora-dev bench/sizing/cost.ts --gpu a10 --price 1.2 [--frames 16 --height 256 --width 256 --steps 25]
//   node --conditions=kinora-dev bench/sizing/cost.ts --seconds 12.5 --price 1.2        # a time that you measured
//
// The price may be in any currency. A machine that waits for work costs the same: --utilisation 0.4 counts that in.

import { parseArgs } from 'node:util'
import { anyNumber, choice, UsageError, wholeNumber } from '../arguments.ts'
import { cpuMeasured, gpuSeconds, type Range } from './estimate.ts'
import { GPUS } from './machines.ts'
import type { VideoKind } from './videos.ts'
import { span } from './words.ts'

const HOUR = 3600

/** In the price's currency. `utilisation`: the share of the hours that are paid in which videos are made. */
export function costOf(seconds: number, pricePerHour: number, utilisation = 1): number {
  return (seconds * pricePerHour) / HOUR / utilisation
}

function seconds(values: Readonly<Record<string, string | undefined>>): Range {
  if (values.seconds !== undefined) {
    const given = positive('--seconds', values.seconds)
    return { fast: given, slow: given }
  }
  if (values.gpu === undefined) throw new UsageError(`--gpu ${GPUS.map(({ name }) => name).join('|')} or --seconds N is needed`)
  const name = choice(
    '--gpu',
    values.gpu,
    GPUS.map((gpu) => gpu.name),
  )
  const whole = (flag: string, otherwise: number, multipleOf = 1) =>
    values[flag] === undefined ? otherwise : wholeNumber(`--${flag}`, values[flag], { multipleOf })
  const frames = whole('frames', 16)
  const [height, width] = [whole('height', 256, 8), whole('width', 256, 8)]
  const kind: VideoKind = { name: 'quick', title: '', share: 0, frames, height, width, steps: whole('steps', 25) }
  return gpuSeconds(GPUS.find((gpu) => gpu.name === name)!, kind, cpuMeasured().encode)
}

function positive(flag: string, value: string): number {
  const number = anyNumber(flag, value)
  if (number > 0) return number
  throw new UsageError(`${flag} ${value}: a number above 0 is expected`)
}

function main(): void {
  const text = { type: 'string' } as const
  const options = { gpu: text, seconds: text, price: text, frames: text, height: text, width: text, steps: text, utilisation: text }
  const { values } = parseArgs({ options })
  if (values.price === undefined) throw new UsageError('--price N is needed: what the machine costs an hour')
  const price = positive('--price', values.price)
  const utilisation = positive('--utilisation', values.utilisation ?? '1')
  if (utilisation > 1) throw new UsageError(`--utilisation ${utilisation}: a share above 0, at most 1, is expected`)
  const { fast, slow } = seconds(values)
  const [least, most] = [fast, slow].map((one) => costOf(one, price, utilisation).toPrecision(3))
  if (fast === slow) console.log(`${fast} s, ${least} a video`)
  else console.log(`estimated: ${span({ fast, slow })}, ${least} to ${most} a video`)
}

if (import.meta.main) {
  try {
    main()
  } catch (error) {
    if (!(error instanceof UsageError) && !(error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')) throw error
    console.error((error as Error).message)
    process.exitCode = 2
  }
}
