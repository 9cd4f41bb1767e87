// One look at videos that were started before, perhaps by another process: doStatus of the AI SDK.

import { type Experimental_VideoModelV4OperationStatusResult, InvalidArgumentError, type JSONValue } from '@ai-sdk/provider'
import { safeValidateTypes, zodSchema } from '@ai-sdk/provider-utils'
import { z } from 'zod/v4'
import { failureOf } from './finished.ts'
import { metadataOf } from './metadata.ts'
import type { Service } from './service.ts'

interface Asked {
  readonly service: Service
  readonly modelId: string
  readonly abortSignal?: AbortSignal | undefined
}

const operationSchema = zodSchema(z.object({ ids: z.array(z.string()).min(1) }))

/** Completed when all are, an error when one is. Their bytes come with it. */
export async function statusOf(
  operation: JSONValue,
  { service, modelId, abortSignal }: Asked,
): Promise<Experimental_VideoModelV4OperationStatusResult> {
  const parsed = await safeValidateTypes({ value: operation, schema: operationSchema })
  if (!parsed.success)
    throw new InvalidArgumentError({ argument: 'operation', message: 'operation is none of Kinora: pass what doStart answered' })
  const answers = await Promise.all(parsed.value.ids.map((id) => service.video(id, abortSignal)))
  const videos = answers.map(({ value }) => value)
  const response = { timestamp: new Date(), modelId: videos[0]?.model ?? modelId, headers: answers[0]?.responseHeaders }
  const providerMetadata = { kinora: { videos: videos.map(metadataOf) } }
  const failed = videos.find(({ status }) => status === 'failed')
  if (failed) return { status: 'error', error: failureOf(failed), providerMetadata, response }
  if (videos.some(({ status }) => status !== 'completed')) return { status: 'pending', response }
  const files = await Promise.all(videos.map(({ id }) => service.content(id, abortSignal)))
  return {
    status: 'completed',
    videos: files.map((data) => ({ type: 'binary', data, mediaType: 'video/mp4' })),
    warnings: [],
    providerMetadata,
    response,
  }
}
