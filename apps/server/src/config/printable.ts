// The settings as they may be shown: without passwords, and without what lies in a URL and may be one.

import type { Config } from './config.ts'

const HIDDEN = '***'
const SECRETS: ReadonlySet<string> = new Set(['adminPassword', 'databaseUrl', 'storage', 'url'])

/** Of a setting's path: its value is not to be shown as it is. */
export function isSecret(path: readonly string[]): boolean {
  return SECRETS.has(path.at(-1) ?? '')
}

/** What `--print-config` shows. Valid as a configuration file, where the hidden parts are filled in. */
export function printableConfig(config: Config): Config {
  return {
    ...config,
    adminPassword: config.adminPassword === null ? null : HIDDEN,
    databaseUrl: withoutSecrets(config.databaseUrl),
    storage: withoutSecrets(config.storage),
    moderation: { ...config.moderation, url: withoutSecrets(config.moderation.url) },
  }
}

/** Of a URL's query: what says where something is. All else may be a secret. */
const PLAIN: ReadonlySet<string> = new Set(['region', 'host', 'sslmode', 'application_name'])

/** A URL without its password, and without what its query may hide. */
export function withoutSecrets<T extends string | null>(text: T): T | string {
  if (text === null) return text
  const url = URL.parse(text)
  if (!url) return HIDDEN
  if (url.password !== '') url.password = HIDDEN
  for (const [name, value] of Array.from(url.searchParams))
    if (!PLAIN.has(name)) url.searchParams.set(name, name === 'endpoint' ? withoutSecrets(value) : HIDDEN)
  return url.href
}
