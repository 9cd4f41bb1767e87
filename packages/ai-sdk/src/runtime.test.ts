// The door over HTTP runs wherever `fetch` is: nothing that it imports needs Node, or the library.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const SOURCE = fileURLToPath(new URL('.', import.meta.url))
const FROM = /\bfrom '([^']+)'/g

function importsOf(file: string, seen: Set<string>, outside: Set<string>): void {
  if (seen.has(file)) return
  seen.add(file)
  for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(FROM))
    if (name.startsWith('.')) importsOf(path.join(path.dirname(file), name), seen, outside)
    else outside.add(name)
}

test('index.ts imports the SDK and zod alone, and asks for no process', () => {
  const [seen, outside] = [new Set<string>(), new Set<string>()]
  importsOf(path.join(SOURCE, 'index.ts'), seen, outside)
  expect([...outside].toSorted()).toEqual(['@ai-sdk/provider', '@ai-sdk/provider-utils', 'zod/v4'])
  expect(seen.size).toBeGreaterThan(10)
  for (const file of seen) expect(readFileSync(file, 'utf8'), file).not.toMatch(/\b(process|Buffer)\.\w|\brequire\(/)
})
