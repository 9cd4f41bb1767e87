// Reads a JSON fixture that Python wrote: its `-Infinity` is no JSON, `-1e999` is, and means the same.

import { readFileSync } from 'node:fs'
import { fixture } from './safetensors.ts'

export function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(fixture(name), 'utf8').replaceAll('-Infinity', '-1e999')) as T
}
