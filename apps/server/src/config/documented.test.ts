// docs/service.md lists every setting with its default and its sentence, as config.ts has them.

import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { configSchema } from './config.ts'

interface Described {
  readonly default?: unknown
  readonly description?: string
  readonly properties?: Readonly<Record<string, Described>>
}

function rows(schema: Described, before = ''): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, setting]) => {
    if (setting.properties) return rows(setting, `${before}${name}.`)
    const value = JSON.stringify(setting.default ?? null).replace(homedir(), '~')
    return [
      `| \`${before}${name}\` | ${value === 'null' ? '' : `\`${value.replaceAll('"', '')}\``} | ${(setting.description ?? '').replaceAll('|', '\\|')} |`,
    ]
  })
}

test('the documentation has every setting', () => {
  const table = rows(z.toJSONSchema(configSchema, { io: 'input' }) as Described)
  const text = readFileSync(new URL('../../../../docs/service.md', import.meta.url), 'utf8')
  const documented = text.split('\n').filter((line) => /^\| `\w/.test(line))
  expect(documented).toEqual(table)
})
