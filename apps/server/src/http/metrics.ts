// What is counted and measured, under Prometheus' names. Of the queue the tables are asked when someone collects.

import { count, eq, gt, sql } from 'drizzle-orm'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { videos, workers } from '../db/schema.ts'
import type { Services } from '../services.ts'

export interface Metrics {
  readonly registry: Registry
  answered(labels: Record<'method' | 'route' | 'status', string>, seconds: number): void
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60]

export function createMetrics({ db, config }: Services): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    name: 'kinora_http_requests_total',
    help: 'Requests answered',
    labelNames: ['method', 'route', 'status'] as const,
    registers,
  })
  const duration = new Histogram({
    name: 'kinora_http_request_duration_seconds',
    help: 'Time until the answer had gone out',
    labelNames: ['method', 'route'] as const,
    buckets: SECONDS,
    registers,
  })
  new Gauge({
    name: 'kinora_videos',
    help: 'Videos that are known, by status',
    labelNames: ['status'] as const,
    registers,
    async collect() {
      const rows = await db.select({ status: videos.status, count: count() }).from(videos).groupBy(videos.status)
      for (const status of videos.status.enumValues) this.set({ status }, rows.find((row) => row.status === status)?.count ?? 0)
    },
  })
  new Gauge({
    name: 'kinora_workers',
    help: 'Workers that were heard of lately',
    registers,
    async collect() {
      const heard = gt(workers.heardAt, sql`now() - make_interval(secs => ${config.lostAfterSeconds})`)
      const [row] = await db.select({ count: count() }).from(workers).where(heard)
      this.set(row?.count ?? 0)
    },
  })
  new Gauge({
    name: 'kinora_queue_oldest_seconds',
    help: 'How long the video that was asked for first has been waiting',
    registers,
    async collect() {
      const oldest = sql<number | null>`extract(epoch from now() - min(${videos.createdAt}))::float8`
      const [row] = await db.select({ seconds: oldest }).from(videos).where(eq(videos.status, 'queued'))
      this.set(row?.seconds ?? 0)
    },
  })
  return {
    registry,
    answered({ method, route, status }, seconds) {
      requests.inc({ method, route, status })
      duration.observe({ method, route }, seconds)
    },
  }
}
