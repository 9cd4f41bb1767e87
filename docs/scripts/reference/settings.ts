// The service's settings as one table, from their own schema: what each is called in a file, in the environment and on the
// command line, its default and what it means.

import os from 'node:os'
import { configSchema } from '../../../apps/server/src/config/config.ts'
import { SETTINGS } from '../../../apps/server/src/config/settings.ts'
import { commandsOf, theProgram } from './command-line.ts'
import { code, prose, table } from './markdown.ts'
import type { Page } from './page.ts'

interface Described {
  readonly description?: string | undefined
  readonly shape?: Readonly<Record<string, Described>>
  unwrap?(): Described
}

const ABOUT = `Of \`kinora serve\` and \`kinora worker\`: by flag, by environment variable, or in the JSON file that \`--config\` names, in this order.
\`kinora serve --print-config\` prints what counts, secrets left out. What stands in a group (\`limits.frames\`) is an object in the file: \`{"limits": {"frames": 48}}\`.`

export function settingsPage(): Page {
  const defaults = configSchema.parse({})
  const serve = commandsOf(theProgram()).find((command) => command.name() === 'serve')
  const flags = new Set(serve?.options.map(({ long }) => long))
  const rows = SETTINGS.map(({ path, flag, variable }) => [
    [path.join('.'), ...(flag !== undefined && flags.has(flag) ? [flag] : []), variable].map(code).join('<br>'),
    defaultText(at(defaults, path)),
    prose(described(configSchema as Described, path)?.description ?? ''),
  ])
  const text = ['# Settings', ABOUT, table(['Setting, flag, variable', 'Default', 'Meaning'], rows)].join('\n\n')
  return { path: 'settings.md', title: 'Settings', text: `${text}\n` }
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Readonly<Record<string, unknown>>)[key], value)
}

/** Home folders differ from machine to machine. */
function defaultText(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return code(text.replace(os.homedir(), '~'))
}

/** Groups stand in wrappers that give them defaults. */
function described(schema: Described, path: readonly string[]): Described | undefined {
  return path.reduce<Described | undefined>((inner, key) => {
    let group = inner
    while (group && !group.shape && group.unwrap) group = group.unwrap()
    return group?.shape?.[key]
  }, schema)
}
