// The page's plots, from the kept figures.

import { barPlot } from '../plot/bar-plot.ts'
import { linePlot } from '../plot/line-plot.ts'
import { costOf } from './cost.ts'
import { cpuMeasured, cpuSeconds, gpuSeconds, moreCores, type Range } from './estimate.ts'
import { CORES } from './fleet.ts'
import type { QueueResults } from './kept.ts'
import { CORE_PRICE, GPUS } from './machines.ts'
import { VIDEO_KINDS } from './videos.ts'

/** File name -> SVG. */
export function sizingPlots(queue: QueueResults): Map<string, string> {
  return new Map([
    ['workers.svg', workersPlot(queue)],
    ['fairness.svg', fairnessPlot(queue)],
    ['cost.svg', costPlot()],
  ])
}

function workersPlot({ curves, sizes }: QueueResults): string {
  const users = sizes.at(-1)!.registered.toLocaleString('en')
  return linePlot({
    title: `${users} users: the wait that 95 of 100 stay below`,
    description:
      'Seconds against the number of workers, for each machine. Simulated with the slow end of the estimates; the table has the figures.',
    x: { label: 'workers', log: true },
    y: { label: 'seconds', log: true },
    series: curves
      .map(({ title, points }) => ({ name: title, points: points.filter(({ y }) => y >= 1) }))
      .filter(({ points }) => points.length > 0),
  })
}

function fairnessPlot({ fairness }: QueueResults): string {
  return linePlot({
    title: `A light user's wait beside one who asked for ${fairness.heavy}`,
    description:
      'Minutes that each of twenty users waits, by the minute in which they ask: with the turns that the service gives, and first come, first served.',
    x: { label: 'asked at minute' },
    y: { label: 'minutes until it begins' },
    series: [
      { name: 'Kinora: users take turns', points: fairness.points.fair },
      { name: 'first come, first served', points: fairness.points.firstCome },
    ],
  })
}

/** Of the first kind of video, in cents. */
function costPlot(): string {
  const [kind, measured] = [VIDEO_KINDS[0]!, cpuMeasured()]
  const bar = (name: string, { fast, slow }: Range, price: number) => {
    const [low, high] = [100 * costOf(fast, price), 100 * costOf(slow, price)]
    return {
      name,
      parts: [
        { name: 'at best', value: low },
        { name: 'more, at worst', value: high - low },
      ],
    }
  }
  const cpu = moreCores(cpuSeconds(measured, kind, 'int8'), measured.cores, CORES)
  return barPlot({
    title: `Cents for one video: ${kind.title}`,
    description: 'Estimates at the example prices of the table, of a machine that is always busy.',
    x: { label: 'cents (estimate)' },
    bars: [
      bar(`CPU, ${CORES} cores, int8`, cpu, CORE_PRICE.hour * CORES),
      ...GPUS.map((gpu) => bar(gpu.title, gpuSeconds(gpu, kind, measured.encode), gpu.price.hour)),
    ],
  })
}
