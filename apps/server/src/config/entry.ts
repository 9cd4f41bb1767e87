// The public entry `@kinora/server/config`: settings alone, which load at once; the service itself takes a second.

export type { Config } from './config.ts'
export { ConfigError } from './config-error.ts'
export { printableConfig } from './printable.ts'
export { type ConfigSources, loadConfig } from './sources.ts'
