// The two questions asked of the hub's API: which commit a revision is, and which files that commit has.

import { CheckpointError } from '../../errors.ts'
import { isJsonObject } from '../json.ts'
import { refusal } from './refusal.ts'
import { isCommit, parseTreePage, type RepoFile } from './repo-files.ts'
import { type Answer, request } from './request.node.ts'
import { persist } from './retry.node.ts'
import type { HubSettings } from './settings.node.ts'
import { type ModelSpec, showSpec } from './spec.ts'

/** A page of a listing has about a thousand files, 200 bytes each. */
const MAX_JSON_BYTES = 32 * 1024 * 1024
const MAX_FILES = 100_000
/** Asking costs nothing and its failure has a way out more often than not. */
const API_RETRIES = 2

/** The commit of a branch, tag, pull request or shortened commit. */
export async function resolveCommit(settings: HubSettings, spec: ModelSpec): Promise<string> {
  const url = `${settings.endpoint}/api/models/${spec.repo}/revision/${encodeURIComponent(spec.revision)}`
  const { value } = await getJson(settings, spec, url)
  const commit = isJsonObject(value) ? value.sha : undefined
  if (typeof commit === 'string' && isCommit(commit)) return commit
  throw new CheckpointError(`${settings.endpoint} gives no commit for ${showSpec(spec)}; is it a model hub? (HF_ENDPOINT)`)
}

/** Every file of a commit. */
export async function listFiles(settings: HubSettings, spec: ModelSpec, commit: string): Promise<RepoFile[]> {
  const files: RepoFile[] = []
  const seen = new Set<string>()
  let url: string | undefined = `${settings.endpoint}/api/models/${spec.repo}/tree/${commit}?recursive=true`
  while (url !== undefined) {
    if (seen.has(url) || files.length > MAX_FILES) throw new CheckpointError(`the list of files in ${spec.repo} does not end`)
    seen.add(url)
    const page = await getJson(settings, spec, url)
    files.push(...parseTreePage(page.value, settings.endpoint))
    url = page.next
  }
  return files
}

interface Page {
  value: unknown
  /** Address of the page after it. */
  next: string | undefined
}

async function getJson(settings: HubSettings, spec: ModelSpec, url: string): Promise<Page> {
  const subject = { endpoint: settings.endpoint, hasToken: settings.token !== undefined, spec }
  const patience = { ...settings, retries: Math.min(settings.retries, API_RETRIES) }
  return persist(patience, `the list of files in ${showSpec(spec)}`, () =>
    request(settings, url, { accept: 'application/json' }, async (answer) => {
      if (!answer.response.ok) throw refusal(answer.response, subject)
      return { value: await readJson(answer, settings.endpoint), next: nextPage(answer.response, settings.endpoint) }
    }),
  )
}

async function readJson({ chunks }: Answer, source: string): Promise<unknown> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    if (bytes > MAX_JSON_BYTES) throw new CheckpointError(`${source} sent more than ${MAX_JSON_BYTES} bytes for a list of files`)
    parts.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'))
  } catch (cause) {
    throw new CheckpointError(`${source} did not answer with JSON; is it a model hub? (HF_ENDPOINT)`, { cause })
  }
}

/** A mirror passes the hub's own addresses on; they are asked of the mirror. */
function nextPage(response: Response, endpoint: string): string | undefined {
  const link = /<([^>]+)>\s*;\s*rel="?next"?/.exec(response.headers.get('link') ?? '')?.[1]
  if (link === undefined || !URL.canParse(link, endpoint)) return undefined
  const next = new URL(link, endpoint)
  return next.origin === new URL(endpoint).origin ? next.href : `${endpoint}${next.pathname}${next.search}`
}
