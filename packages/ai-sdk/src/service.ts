// The few routes of a Kinora service that a video takes, as functions. What the service refuses becomes the SDK's APICallError
// with the service's own sentence. Reading is repeated while the connection is broken; creating is not, which is the SDK's
// matter, since a key names each request. No option of the AI SDK is known here.

import {
  createBinaryResponseHandler,
  createJsonErrorResponseHandler,
  createJsonResponseHandler,
  type FetchFunction,
  getFromApi,
  postFormDataToApi,
  postJsonToApi,
  type ResponseHandler,
} from '@ai-sdk/provider-utils'
import { errorSchema, modelSchema, type ServiceModel, type ServiceVideo, videoSchema } from './answers.ts'
import { persistently } from './persistently.ts'

/** What makes a video; `upload` is the picture or video that it starts from. */
export interface Creation {
  readonly route: '/videos' | '/videos/edits' | '/videos/extensions'
  readonly fields: Readonly<Record<string, unknown>>
  readonly upload?: { readonly field: 'input_reference' | 'video'; readonly file: Blob } | undefined
}

export interface Answer<T> {
  readonly value: T
  readonly responseHeaders?: Record<string, string>
}

export interface Service {
  /** The same key again answers the same video. */
  create(creation: Creation, idempotencyKey: string, signal: AbortSignal | undefined): Promise<Answer<ServiceVideo>>
  video(id: string, signal: AbortSignal | undefined): Promise<Answer<ServiceVideo>>
  content(id: string, signal: AbortSignal | undefined): Promise<Uint8Array>
  model(id: string, signal: AbortSignal | undefined): Promise<ServiceModel>
  /** Never rejects: the video may have ended, or the service be gone. */
  cancel(id: string): Promise<void>
}

export interface ServiceAccess {
  /** Ends with /v1. */
  readonly baseURL: string
  readonly headers: Record<string, string | undefined>
  readonly fetch?: FetchFunction | undefined
}

const CANCEL_MS = 5000

const failedResponseHandler = createJsonErrorResponseHandler({ errorSchema, errorToMessage: ({ error }) => error.message })
const videoHandler = createJsonResponseHandler(videoSchema)

export function openService({ baseURL, headers, fetch }: ServiceAccess): Service {
  const common = { headers, failedResponseHandler, ...(fetch && { fetch }) }

  function read<T>(path: string, successfulResponseHandler: ResponseHandler<T>, signal: AbortSignal | undefined): Promise<Answer<T>> {
    const url = `${baseURL}${path}`
    const ask = (limit: AbortSignal) => getFromApi({ ...common, url, successfulResponseHandler, abortSignal: limit, validateUrl: false }) // its own host
    return persistently(ask, url, signal)
  }

  return {
    create({ route, fields, upload }, key, signal) {
      const request = {
        ...common,
        url: `${baseURL}${route}`,
        headers: { ...headers, 'idempotency-key': key },
        successfulResponseHandler: videoHandler,
        ...(signal && { abortSignal: signal }),
      }
      return upload ? postFormDataToApi({ ...request, formData: formOf(fields, upload) }) : postJsonToApi({ ...request, body: fields })
    },
    video: (id, signal) => read(pathOf('videos', id), videoHandler, signal),
    content: async (id, signal) => (await read(`${pathOf('videos', id)}/content`, createBinaryResponseHandler(), signal)).value,
    model: async (id, signal) => (await read(pathOf('models', id), createJsonResponseHandler(modelSchema), signal)).value,
    async cancel(id) {
      const url = `${baseURL}${pathOf('videos', id)}/cancel`
      const request = { ...common, url, body: {}, successfulResponseHandler: videoHandler, abortSignal: AbortSignal.timeout(CANCEL_MS) }
      await postJsonToApi(request).catch(() => {})
    },
  }
}

function pathOf(what: string, id: string): string {
  return `/${what}/${encodeURIComponent(id)}`
}

/** A form's fields are texts; those of lists and objects are named as the service reads them: `lora[][name]`. */
function formOf(fields: Creation['fields'], { field, file }: NonNullable<Creation['upload']>): FormData {
  const form = new FormData()
  const add = (name: string, value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) add(`${name}[]`, each)
    else if (typeof value === 'object' && value !== null) for (const [key, inner] of Object.entries(value)) add(`${name}[${key}]`, inner)
    else if (value !== undefined) form.append(name, typeof value === 'string' ? value : JSON.stringify(value))
  }
  for (const [name, value] of Object.entries(fields)) add(name, value)
  form.append(field, file, field)
  return form
}
