// What a provider is made with, and what its models need of that: how to reach the service with the headers of one call.

import {
  combineHeaders,
  type FetchFunction,
  loadOptionalSetting,
  loadSetting,
  validateBaseURL,
  withUserAgentSuffix,
} from '@ai-sdk/provider-utils'
import type { KinoraProgress } from './finished.ts'
import { openService, type Service } from './service.ts'

export interface KinoraProviderSettings {
  /** Where the service is, such as `http://127.0.0.1:7860`; `/v1` may follow. Default: KINORA_BASE_URL. */
  readonly baseURL?: string
  /** Of an account of the service. Default: KINORA_API_KEY; a service with `--auth none` needs none. */
  readonly apiKey?: string
  /** Sent with each request. */
  readonly headers?: Readonly<Record<string, string>>
  readonly fetch?: FetchFunction
  /** How often a video is asked for. Default 1000. */
  readonly pollIntervalMs?: number
  /** Told at each of these, for every video that waits or is made. */
  readonly onProgress?: (progress: KinoraProgress) => void
}

export interface ModelSettings {
  open(headers: Record<string, string | undefined> | undefined): Service
  readonly pollIntervalMs: number
  readonly fetch?: FetchFunction | undefined
  readonly onProgress?: ((progress: KinoraProgress) => void) | undefined
}

const POLL_MS = 1000
const USER_AGENT = 'kinora-ai-sdk'

/** The environment is read when a model is first used, so that importing needs none. */
export function modelSettings({ pollIntervalMs = POLL_MS, fetch, onProgress, ...settings }: KinoraProviderSettings): ModelSettings {
  return {
    pollIntervalMs,
    fetch,
    onProgress,
    open(headers = {}) {
      const apiKey = loadOptionalSetting({ settingValue: settings.apiKey, environmentVariableName: 'KINORA_API_KEY' })
      const { 'idempotency-key': _named, ...own } = Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
      )
      const all = combineHeaders(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }, settings.headers, own)
      return openService({ baseURL: apiRoot(settings.baseURL), headers: withUserAgentSuffix(all, USER_AGENT), fetch })
    },
  }
}

function apiRoot(given: string | undefined): string {
  const loaded = loadSetting({
    settingValue: validateBaseURL(given),
    environmentVariableName: 'KINORA_BASE_URL',
    settingName: 'baseURL',
    description: 'Kinora base URL',
  })
  const root = loaded.trim().replace(/\/+$/, '')
  return root.endsWith('/v1') ? root : `${root}/v1`
}
