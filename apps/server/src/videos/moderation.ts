// What may not be asked for, as the operator decides: a list of words, and a service of the operator's that is asked about
// every prompt. Both are off by default. A refusal names what was found, never more of the prompt.

import { z } from 'zod'
import type { Config } from '../config/config.ts'
import { ServerError } from '../errors.ts'

export interface Moderated {
  readonly prompt: string
  readonly negative_prompt: string
  readonly model: string
  /** The account's name. */
  readonly user: string
}

const answer = z.object({ allowed: z.boolean(), reason: z.string().optional() })
const MOST_ANSWER_BYTES = 65_536
const MOST_REASON = 300
/** Scripts that write no spaces between words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

export function moderationIsOn({ moderation }: Config): boolean {
  return moderation.words.length > 0 || moderation.url !== null
}

/** Throws ServerError for a prompt that is not allowed, and when the service that decides gives no answer. */
export async function moderate(asked: Moderated, { moderation }: Config): Promise<void> {
  const word = forbiddenWord(asked.prompt, moderation.words)
  if (word !== undefined) throw violation(`the prompt has ${JSON.stringify(word)}, which may not be asked for here`)
  if (moderation.url === null) return
  const { allowed, reason } = await ask(moderation.url, asked, moderation.seconds).catch((cause: unknown) => {
    if (moderation.failOpen) return { allowed: true, reason: undefined }
    throw new ServerError('the prompt could not be checked, which has to be done here: ask again', {
      status: 503,
      code: 'moderation_unavailable',
      retryAfter: 10,
      cause,
    })
  })
  if (!allowed) throw violation(`the prompt is not allowed here${shown(reason)}`)
}

/** The first of the words that the text has: whole words, whatever their case and accents. */
export function forbiddenWord(text: string, words: readonly string[]): string | undefined {
  if (words.length === 0) return undefined
  const plain = ` ${plainWords(text)} `
  return words.find((word) => {
    const wanted = plainWords(word)
    return wanted !== '' && plain.includes(UNSPACED.test(wanted) ? wanted : ` ${wanted} `)
  })
}

/** Letters and digits without accents, in lower case, one space between words. */
function plainWords(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

async function ask(url: string, asked: Moderated, seconds: number): Promise<z.infer<typeof answer>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(asked),
    redirect: 'error',
    signal: AbortSignal.timeout(seconds * 1000),
  })
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true })
    if (text.length > MOST_ANSWER_BYTES) throw new Error('the answer is too long')
  }
  if (!response.ok) throw new Error(`the answer is HTTP ${response.status}`)
  return answer.parse(JSON.parse(text))
}

function shown(reason: string | undefined): string {
  const line = (reason ?? '').replace(/[\p{C}\s]+/gu, ' ').trim()
  return line === '' ? '' : `: ${line.slice(0, MOST_REASON)}`
}

function violation(message: string): ServerError {
  return new ServerError(message, { status: 400, code: 'content_policy_violation', param: 'prompt' })
}
