// Events for programs: one JSON object a line on standard output, and nothing else there.

import { createPace } from '../progress.ts'
import type { ItemReport, Reporter } from './reporter.ts'

export function jsonReporter(): Reporter {
  const write = (event: string, fields: object) => void process.stdout.write(`${JSON.stringify({ event, ...fields })}\n`)
  let pace = createPace()
  let item: ItemReport | undefined
  const place = () => (item ? { item: item.number, items: item.total } : {})
  return {
    plan: (plan) => write('plan', { ...plan, videos: plan.videos.map(({ settings, request, files }) => ({ settings, request, files })) }),
    start: (next) => {
      item = next
      pace = createPace()
    },
    progress: (progress) => write('progress', { ...place(), ...pace(progress) }),
    note: (message) => write('note', { message }),
    warning: (message) => write('warning', { ...place(), message }),
    saved: (file) => write('saved', { ...place(), ...file, request: item?.video.request }),
    done: (summary) => write('done', summary),
    stop: () => {},
  }
}
