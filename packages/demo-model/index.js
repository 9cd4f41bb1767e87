// Where the demo model's files are, and the settings and prompts that it is best shown with.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const checkpoint = fileURLToPath(new URL('./checkpoint', import.meta.url))
export const defaults = readJson('defaults.json')
export const examples = readJson('examples.json')

/** @param {string} name */
function readJson(name) {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'))
}
