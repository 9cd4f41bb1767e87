// Reading JSON that came from somewhere else: every failure is a CheckpointError that names the file.
// Only objects are accepted at the top, as in each JSON file of a checkpoint. Not a schema checker.

import { CheckpointError } from '../errors.ts'

export type JsonObject = Readonly<Record<string, unknown>>

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Parses `text`, which must hold one JSON object. `file` is for the message. */
export function parseJsonObject(text: string, file: string): JsonObject {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new CheckpointError(`${file} is not JSON: ${(cause as Error).message}; download the file again`, { cause })
  }
  if (!isJsonObject(value)) throw new CheckpointError(`${file} holds ${kindOf(value)} instead of a JSON object`)
  return value
}

/**
 * Python's json writes numbers that JSON does not have, and diffusers saves them (`"lambda_min_clipped": -Infinity`). Outside of
 * strings they become what JSON.parse reads as the same: an overflowing number, or null for NaN.
 */
export function standardJson(pythonJson: string): string {
  return pythonJson.replace(/"(?:[^"\\]|\\.)*"|\bInfinity\b|\bNaN\b/g, (token) => {
    if (token.startsWith('"')) return token
    return token === 'NaN' ? 'null' : '1e999'
  })
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (value === null) return 'null'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** First key that an object of `json` (valid JSON) holds twice; JSON.parse would silently keep the last one. */
export function duplicateKey(json: string): string | undefined {
  const open: Set<string>[] = []
  for (let i = 0; i < json.length; i++) {
    if (json[i] === '{') open.push(new Set())
    else if (json[i] === '}') open.pop()
    else if (json[i] === '"') {
      const start = i
      i = endOfString(json, start)
      if (!isKey(json, i)) continue
      const name = JSON.parse(json.slice(start, i + 1)) as string
      const keys = open.at(-1)
      if (keys?.has(name)) return name
      keys?.add(name)
    }
  }
  return undefined
}

/** Index of the quote that closes the string opened at `start`. */
function endOfString(json: string, start: number): number {
  let i = start + 1
  while (i < json.length && json[i] !== '"') i += json[i] === '\\' ? 2 : 1
  return i
}

/** Whether the string that ends at `end` is followed by a colon. */
function isKey(json: string, end: number): boolean {
  let i = end + 1
  while (json[i] === ' ' || json[i] === '\n' || json[i] === '\r' || json[i] === '\t') i++
  return json[i] === ':'
}

/** A value out of a file, short enough for a message however long or deep it is. */
export function excerpt(value: unknown): string {
  const text = Array.isArray(value) ? `[${value.slice(0, 20).map(plain).join(',')}${value.length > 20 ? ',...' : ''}]` : plain(value)
  return text.length > 120 ? `${text.slice(0, 120)}...` : text
}

function plain(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value)
  return value === undefined ? 'nothing' : kindOf(value)
}
