// One user who asks for hundreds, beside others who ask for one video each: with the service's turns and caps, and without.

import type { TestPostgres } from '../../apps/server/test/support/postgres.ts'
import type { Request } from './demand.ts'
import { FORM, servers } from './fleet.ts'
import type { QueueResults } from './kept.ts'
import { NO_CAP, onService } from './on-service.ts'
import { firstCome } from './policies.ts'
import { seededRandom } from './random.ts'
import { type Run, simulate } from './simulate.ts'
import { VIDEO_KINDS } from './videos.ts'
import { lightOnly, waitsOf } from './waits.ts'

const SEED = 7
const HOUR = 3600
const HEAVY = 500

/** One user's program asks for 500 at once and for another one every ten seconds; twenty others ask for one video each within the hour. */
export async function fairness(postgres: TestPostgres): Promise<QueueResults['fairness']> {
  const random = seededRandom(SEED)
  const [video, server, workers] = [VIDEO_KINDS[0]!, servers().find(({ name }) => name === FORM)!, 4]
  const ofHeavy = (at: number): Request => ({ at, user: 'heavy0', heavy: true, video })
  const heavy = [
    ...Array.from({ length: HEAVY }, (_, i) => ofHeavy(i * 0.01)),
    ...Array.from({ length: HOUR / 10 }, (_, i) => ofHeavy(10 * (i + 1))),
  ]
  const light = Array.from({ length: 20 }, (_, i): Request => ({ at: 60 + random.uniform() * HOUR, user: `user${i}`, heavy: false, video }))
  const requests = [...heavy, ...light].toSorted((a, b) => a.at - b.at)
  const shop = { workers, seconds: ({ video: kind }: Request) => server.seconds(kind) }
  const runs = {
    fair: await onService(postgres, NO_CAP, requests, shop),
    firstCome: await simulate(requests, firstCome(), shop),
    defaults: await onService(postgres, {}, requests, shop),
    quota: await onService(postgres, { quota: { queued: 50 } }, requests, shop),
  }
  const points = (run: Run) => lightOnly(run.fates).flatMap(({ at, wait }) => (wait === undefined ? [] : [{ x: at / 60, y: wait / 60 }]))
  const lightOf = (run: Run) => {
    const fates = lightOnly(run.fates)
    return { ...waitsOf(fates), refused: fates.filter(({ wait }) => wait === undefined).length }
  }
  return {
    workers,
    title: server.title,
    seconds: server.seconds(video),
    light: light.length,
    heavy: HEAVY,
    fair: lightOf(runs.fair),
    firstCome: lightOf(runs.firstCome),
    defaults: lightOf(runs.defaults),
    quota: lightOf(runs.quota),
    points: { fair: points(runs.fair), firstCome: points(runs.firstCome) },
  }
}
