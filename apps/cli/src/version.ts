// The version that users see and that is written into videos: the library's.

import { readFileSync } from 'node:fs'

const text = readFileSync(new URL(import.meta.resolve('kinora/package.json')), 'utf8')

export const VERSION = (JSON.parse(text) as { version: string }).version
