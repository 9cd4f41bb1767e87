// GET requests to the hub and to where it redirects. The access token goes to the endpoint's own origin and nowhere else.
// A connection that gives nothing for a while is cut. Broken connections become TransientErrors; nothing is tried twice here.

import { CheckpointError } from '../../errors.ts'
import { TransientError } from './refusal.ts'
import type { HubSettings } from './settings.node.ts'

export interface Answer {
  response: Response
  /** The body as it comes. */
  chunks: AsyncGenerator<Uint8Array>
}

const MAX_REDIRECTS = 10
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** Gets `url` and hands the answer, whatever its status, to `use`; the connection ends when `use` does. */
export async function request<T>(
  settings: HubSettings,
  url: string,
  headers: Record<string, string>,
  use: (answer: Answer) => Promise<T>,
): Promise<T> {
  const watch = watchStall(settings)
  try {
    const response = await follow(settings, new URL(url), headers, watch)
    return await use({ response, chunks: readBody(settings, response, watch) })
  } finally {
    watch.end()
  }
}

async function follow(settings: HubSettings, start: URL, headers: Record<string, string>, watch: Watch): Promise<Response> {
  const own = new URL(settings.endpoint).origin
  let url = start
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const authorization: Record<string, string> =
      settings.token !== undefined && url.origin === own ? { authorization: `Bearer ${settings.token}` } : {}
    const here = url
    const response = await watch.network(here.host, () =>
      fetch(here, {
        // Compressed answers have no byte ranges.
        headers: { 'user-agent': `kinora node/${process.versions.node}`, 'accept-encoding': 'identity', ...headers, ...authorization },
        redirect: 'manual',
        signal: watch.signal,
      }),
    )
    const location = response.headers.get('location')
    if (!REDIRECTS.has(response.status) || location === null) return response
    await response.body?.cancel()
    url = redirected(url, location)
  }
  throw new CheckpointError(`${start.host} redirects more than ${MAX_REDIRECTS} times; check HF_ENDPOINT`)
}

function redirected(from: URL, location: string): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined
  const allowed = to !== undefined && (to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:'))
  if (!allowed) throw new CheckpointError(`${from.host} redirects to an address that is not followed; check HF_ENDPOINT`)
  return to
}

async function* readBody(settings: HubSettings, response: Response, watch: Watch): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader()
  const { host } = new URL(response.url || settings.endpoint)
  for (;;) {
    const part = await watch.network(host, async () => reader?.read())
    if (part?.value === undefined) return
    yield part.value
  }
}

interface Watch {
  signal: AbortSignal
  /** Runs one wait for the network, with the time limit and with errors told apart. */
  network<T>(host: string, wait: () => Promise<T>): Promise<T>
  end(): void
}

function watchStall({ signal, timeoutMs }: HubSettings): Watch {
  const own = new AbortController()
  return {
    signal: AbortSignal.any(signal ? [own.signal, signal] : [own.signal]),
    network: async (host, wait) => {
      const stalled = () => own.abort(new TransientError(`${host} sent nothing for ${timeoutMs / 1000} s`))
      const timer = setTimeout(stalled, timeoutMs)
      try {
        signal?.throwIfAborted()
        return await wait()
      } catch (cause) {
        signal?.throwIfAborted()
        if (own.signal.aborted) throw own.signal.reason
        throw new TransientError(`the connection to ${host} broke: ${reasonOf(cause)}`, { cause })
      } finally {
        clearTimeout(timer)
      }
    },
    end: () => own.abort(),
  }
}

/** fetch says only "fetch failed"; why is in its cause. */
function reasonOf(error: unknown): string {
  const cause: unknown = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (!(cause instanceof Error)) return String(cause)
  return cause.message || ('code' in cause ? String(cause.code) : cause.name)
}
