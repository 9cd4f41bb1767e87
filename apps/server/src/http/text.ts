// What every text of a request must be before a route sees it: PostgreSQL stores neither the character U+0000 nor half
// of a surrogate pair, so one of them anywhere would fail late, in a statement.

import { ServerError } from '../errors.ts'

const MOST_DEPTH = 16

/** Throws ServerError where a value holds such a text, as a key or a value, or is nested too deeply to be meant. */
export function checkTexts(value: unknown, param?: string, depth = 0): void {
  if (typeof value === 'string') checkText(value, param)
  if (typeof value !== 'object' || value === null) return
  if (depth === MOST_DEPTH) throw refusal(`the request is nested more than ${MOST_DEPTH} levels deep`, param)
  const list = Array.isArray(value)
  for (const [key, inner] of Object.entries(value)) {
    if (!list) checkText(key, param)
    checkTexts(inner, param ?? key, depth + 1)
  }
}

function checkText(text: string, param: string | undefined): void {
  if (text.includes('\0')) throw refusal('the request has the character U+0000, which no text may have', param)
  if (!text.isWellFormed()) throw refusal('the request has half of a surrogate pair, which is no character', param)
}

function refusal(message: string, param: string | undefined): ServerError {
  const named = param?.isWellFormed() && !param.includes('\0') ? param.slice(0, 100) : undefined
  return new ServerError(message, { status: 400, code: 'invalid_text', ...(named !== undefined && { param: named }) })
}
