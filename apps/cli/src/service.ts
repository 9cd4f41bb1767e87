// What the commands of the service do: settings from flags, environment and file; words for people on standard output, where the
// log is not; and the end, once the process is told to.

import { type Config, loadConfig, printableConfig } from '@kinora/server/config'
import type { ServiceFlags } from './commands/service-options.ts'
import { bytes } from './format.ts'
import { readNewPassword } from './password.ts'

/** Settings that flags give one at a time. */
const LISTS: Readonly<Record<string, string>> = { model: 'models', lora: 'loras' }

interface Running {
  readonly ended: Promise<void>
  close(): Promise<void>
}

export async function runServe(flags: ServiceFlags, signal: AbortSignal): Promise<void> {
  const config = configOf(flags)
  if (!config) return
  const { serve } = await import('@kinora/server')
  const service = await serve(config, { signal })
  say(`Kinora listens at ${service.url}${config.publicUrl === null ? '' : `, for browsers ${config.publicUrl}`}`)
  if (service.setupLink !== undefined)
    say(`Nobody can log in yet. Make the administrator here; the link works once:\n  ${service.setupLink}`)
  service.ready.then(
    () => say(config.workers === 0 ? 'Videos are made by workers that join: kinora worker' : 'Ready to make videos'),
    () => {}, // untilTold tells
  )
  await untilTold(service, config, signal)
}

export async function runWorker({ name, ...flags }: ServiceFlags, signal: AbortSignal): Promise<void> {
  const config = configOf(flags)
  if (!config) return
  const { work } = await import('@kinora/server')
  const worker = await work(config, { signal, name: typeof name === 'string' ? name : undefined })
  say(`Worker ${worker.id} takes jobs`)
  await untilTold(worker, config, signal)
}

export async function runAdmin(name: string, flags: ServiceFlags, signal: AbortSignal): Promise<void> {
  const config = configOf(flags)
  if (!config) return
  const password = await readNewPassword(name, signal)
  const { admin } = await import('@kinora/server')
  const { made } = await admin(config, { name, password })
  say(made ? `${name} is an administrator now` : `${name} has a new password, and is an administrator`)
}

export async function runBackup(folder: string, flags: ServiceFlags): Promise<void> {
  const config = configOf(flags)
  if (!config) return
  const { backup } = await import('@kinora/server')
  const made = await backup(config, folder)
  say(`${folder} holds ${made.rows} rows and ${made.files} files (${bytes(made.bytes)})`)
  if (made.missing.length > 0) say(`${made.missing.length} files of videos are not in the storage; restored, those videos have expired:`)
  for (const key of made.missing) say(`  ${key}`)
}

export async function runRestore(folder: string, flags: ServiceFlags): Promise<void> {
  const config = configOf(flags)
  if (!config) return
  const { restore } = await import('@kinora/server')
  const { rows, files, bytes: size, madeAt } = await restore(config, folder)
  say(`Restored ${rows} rows and ${files} files (${bytes(size)}), as they were at ${madeAt.toISOString()}`)
}

/** Undefined when they were only to be shown. */
function configOf({ config: file, printConfig, ...flags }: ServiceFlags): Config | undefined {
  const given = Object.entries(flags).map(([name, value]) => [LISTS[name] ?? name, typeof value === 'boolean' ? String(value) : value])
  const config = loadConfig({ flags: Object.fromEntries(given), env: process.env, file: typeof file === 'string' ? file : undefined })
  if (printConfig !== true) return config
  say(JSON.stringify(printableConfig(config), null, 2))
  return undefined
}

/** Resolves when all is closed after a signal; rejects when it ends for another reason. */
async function untilTold(running: Running, { drainSeconds }: Config, signal: AbortSignal): Promise<void> {
  const told = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
    if (signal.aborted) resolve()
  })
  try {
    await Promise.race([told, running.ended])
    say(`Ending. What is being made may still take ${drainSeconds} s; a second signal ends at once.`)
  } finally {
    await running.close()
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
