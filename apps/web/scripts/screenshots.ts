// The pictures of docs/web.md: every page of the built application, in both languages and appearances, and some on a phone, with a
// service of its own that makes real videos. `npm run build -w apps/web`, then `node --conditions=kinora-dev apps/web/scripts/screenshots.ts`.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import sharp from 'sharp'
import { ADMIN } from '../test/e2e/support/admin.ts'
import { askAs } from '../test/e2e/support/requests.ts'
import { startKinora } from '../test/e2e/support/service.ts'
import { fillService } from './screenshot-data.ts'

const OUT = fileURLToPath(new URL('../../../docs/web/', import.meta.url))
const WIDE = { width: 1280, height: 800 }
const PHONE = { width: 390, height: 844 }
const LONG = { num_inference_steps: 60 }
const PROMPT = 'a big orange ring moving up on a gray background'

interface Look {
  readonly language: 'en' | 'zh'
  readonly scheme: 'light' | 'dark'
}

type Shoot = (name: string, options?: { fullPage?: boolean }) => Promise<void>

const LOOKS: readonly Look[] = (['en', 'zh'] as const).flatMap((language) =>
  (['light', 'dark'] as const).map((scheme) => ({ language, scheme })),
)
const names = new Set<string>()

await mkdir(OUT, { recursive: true })
const data = await mkdtemp(join(tmpdir(), 'kinora-screenshots-'))
const service = await startKinora({ data })
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] })
try {
  const first = await openPage(browser, LOOKS[0]!, WIDE)
  const videos = await fillService(first)
  for (const look of LOOKS) {
    await entry(look)
    const page = await openPage(browser, look, WIDE)
    await still(page, shooter(page, look), videos)
    await moving(page, shooter(page, look))
    await onPhone(look, videos)
    await page.context().close()
    console.log(look.language, look.scheme)
  }
  await writeFile(join(OUT, 'README.md'), contents())
} finally {
  await browser.close()
  await service.kill()
  await rm(data, { recursive: true, force: true })
}

async function entry(look: Look): Promise<void> {
  const page = await openPage(browser, look, WIDE, false)
  const shoot = shooter(page, look)
  await page.goto('/')
  await shoot('login')
  await page.goto('/setup#a-token')
  await shoot('setup')
  await page.context().close()
}

async function still(page: Page, shoot: Shoot, [a, b]: readonly [string, string]): Promise<void> {
  await page.goto(`/?prompt=${encodeURIComponent(PROMPT)}`)
  await shoot('create')
  await page.locator('[aria-controls][data-accordion-control]').click()
  await page.locator('#field-seed, [id$=seed]').first().waitFor()
  await shoot('create-options', { fullPage: true })
  for (const [name, path] of [
    ['video', `/videos/${a}`],
    ['library', '/library'],
    ['compare', `/compare?a=${a}&b=${b}`],
    ['account', '/account'],
    ['admin', '/admin'],
    ['admin-users', '/admin/users'],
    ['admin-keys', '/admin/keys'],
    ['admin-workers', '/admin/workers'],
    ['admin-storage', '/admin/storage'],
    ['admin-audit', '/admin/audit'],
    ['not-found', '/nothing-here'],
  ] as const) {
    await page.goto(path)
    await shoot(name)
  }
  await page.goto('/help')
  await shoot('help', { fullPage: true })
}

/** What is only there while a video is made. */
async function moving(page: Page, shoot: Shoot): Promise<void> {
  const made = await askAs<{ id: string }>(page, '/v1/videos', { prompt: PROMPT, seed: 1002, ...LONG })
  await page.goto('/')
  await page.evaluate((id) => localStorage.setItem('kinora.stage', JSON.stringify({ current: id, made: [id] })), made.id)
  await page.reload()
  await page.waitForFunction(() => Number(document.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow') ?? 0) > 45)
  await shoot('making')
  for (const prompt of [
    'a pink star moving down on a black background',
    'a green star growing on a navy background',
    'a small blue cross falling on a white background',
  ])
    await askAs(page, '/v1/videos', { prompt, ...LONG })
  await page.goto('/queue')
  await shoot('queue')
  const { cancelled } = await askAs<{ cancelled: string[] }>(page, '/v1/videos/cancel', { scope: 'all' })
  await askAs(page, '/v1/videos/trash', { ids: cancelled })
}

async function onPhone(look: Look, [a]: readonly [string, string]): Promise<void> {
  const page = await openPage(browser, look, PHONE)
  const shoot = shooter(page, look)
  await page.goto(`/?prompt=${encodeURIComponent(PROMPT)}`)
  await shoot('phone-create')
  await page.goto(`/videos/${a}`)
  await shoot('phone-video')
  await page.goto('/library')
  await shoot('phone-library')
  await page.context().close()
}

async function openPage(from: Browser, { language, scheme }: Look, viewport: typeof WIDE, loggedIn = true): Promise<Page> {
  const context = await from.newContext({
    baseURL: service.url,
    viewport,
    locale: language === 'zh' ? 'zh-CN' : 'en-US',
    colorScheme: scheme,
    ...(viewport === PHONE && { isMobile: true, hasTouch: true, deviceScaleFactor: 2 }),
  })
  if (loggedIn) await context.request.post('/v1/session', { data: ADMIN })
  return context.newPage()
}

function shooter(page: Page, { language, scheme }: Look): Shoot {
  return async (name, options = {}) => {
    names.add(name)
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    await page.waitForFunction(() => document.querySelector('[role=status][aria-label]') === null)
    await page.waitForTimeout(700) // pictures and players
    const png = await page.screenshot({ ...options })
    await sharp(png)
      .webp({ quality: 82, effort: 5 })
      .toFile(join(OUT, `${language}-${scheme}-${name}.webp`))
  }
}

function contents(): string {
  const picture = (name: string, { language, scheme }: Look) => `![${name}, ${language}, ${scheme}](${language}-${scheme}-${name}.webp)`
  const rows = [...names].map((name) => `| ${name} | ${LOOKS.map((look) => picture(name, look)).join(' | ')} |`)
  const head = `| page | ${LOOKS.map(({ language, scheme }) => `${language}, ${scheme}`).join(' | ')} |\n|${'---|'.repeat(LOOKS.length + 1)}`
  return `# Every page\n\nTaken by \`apps/web/scripts/screenshots.ts\`.\n\n${head}\n${rows.join('\n')}\n`
}
