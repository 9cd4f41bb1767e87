// How smoothly the library scrolls with many videos: the time between frames in Chromium while the page moves by so many pixels a
// frame. `npm run build -w apps/web`, then `node --conditions=kinora-dev apps/web/scripts/scroll.ts [VIDEOS]`. One video is made, the
// others are copies of its row. docs/performance.md keeps the figures.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '@kinora/server'
import { loadConfig } from '@kinora/server/config'
import { chromium, type Page } from 'playwright-core'
import { ADMIN } from '../test/e2e/support/admin.ts'
import { makeVideo } from '../test/e2e/support/requests.ts'

const FRAMES = 400
const SPEEDS = [0, 20, 60, 150]

const count = Number(process.argv[2] ?? 1200)
const data = await mkdtemp(join(tmpdir(), 'kinora-scroll-'))
const env = { KINORA_ADMIN_USER: ADMIN.name, KINORA_ADMIN_PASSWORD: ADMIN.password, KINORA_LOG_LEVEL: 'silent' }
const running = await serve(loadConfig({ flags: { data, port: '0' }, env }))
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
try {
  await running.ready
  const context = await browser.newContext({ baseURL: running.url, viewport: { width: 1440, height: 900 } })
  await context.request.post('/v1/session', { data: ADMIN })
  const page = await context.newPage()
  await makeVideo(page, { prompt: 'a red circle growing on a black background', num_inference_steps: 4 })
  await running.services.db.execute(`
    insert into videos select copy.* from videos as v, generate_series(1, ${count - 1}) as n,
    jsonb_populate_record(v, jsonb_build_object('id', 'video_copy' || n, 'created_at', now() - n * interval '1 minute')) as copy`)
  await page.goto('/library')
  await page.getByRole('listitem').first().waitFor()
  await loadAll(page)
  console.log(`${count} videos, ${await page.getByRole('listitem').count()} cards at a time; ms between ${FRAMES} frames`)
  for (const speed of SPEEDS) {
    const { median, p95, most } = await frameTimes(page, speed)
    console.log(`${String(speed).padStart(4)} px a frame: median ${median}, 95 % below ${p95}, most ${most}`)
  }
} finally {
  await browser.close()
  await running.close()
  await rm(data, { recursive: true, force: true })
}

/** To the end, so that no page of the list is asked for while it is measured. */
async function loadAll(page: Page): Promise<void> {
  let height = 0
  for (let same = 0; same < 5; ) {
    const now = await page.evaluate(() => {
      scrollTo(0, document.body.scrollHeight)
      return document.body.scrollHeight
    })
    await page.waitForTimeout(300)
    same = now === height ? same + 1 : 0
    height = now
  }
  await page.evaluate(() => scrollTo(0, 0))
  await page.waitForTimeout(1000)
}

async function frameTimes(page: Page, speed: number): Promise<{ median: number; p95: number; most: number }> {
  const times = await page.evaluate(
    async ({ frames, pixels }) => {
      const deltas: number[] = []
      let before = await new Promise<number>(requestAnimationFrame)
      let down = true
      for (let i = 0; i < frames; i++) {
        if (scrollY + innerHeight + pixels > document.body.scrollHeight) down = false
        if (scrollY === 0) down = true
        scrollBy(0, down ? pixels : -pixels)
        const now = await new Promise<number>(requestAnimationFrame)
        deltas.push(now - before)
        before = now
      }
      return deltas.sort((a, b) => a - b)
    },
    { frames: FRAMES, pixels: speed },
  )
  const at = (part: number) => Math.round(times[Math.min(times.length - 1, Math.floor(part * times.length))]!)
  return { median: at(0.5), p95: at(0.95), most: at(1) }
}
