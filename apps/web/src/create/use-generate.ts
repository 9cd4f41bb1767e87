// Asks for a video with what the form holds. A press is one request under one key, so that it can be sent again when the answer
// was lost, without making two.

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ApiError } from '../api/client.ts'
import { capabilitiesQuery } from '../api/models.ts'
import type { VideoObject } from '../api/types.ts'
import { queueQuery, videoQuery } from '../api/videos.ts'
import { type Draft, getDraft, useDraft } from '../settings/draft.ts'
import { newKey, requestVideo } from '../settings/request.ts'

const MOST_RETRIES = 3
const FIRST_DELAY = 500

interface Press {
  readonly draft: Draft
  readonly idempotencyKey: string
}

export interface Generating {
  readonly begin: () => void
  readonly pending: boolean
  /** Why the draft, as it is, was refused. */
  readonly error: Error | undefined
}

export function useGenerate(onMade: (video: VideoObject) => void): Generating {
  const client = useQueryClient()
  const { settings, file } = useDraft()
  const { mutate, isPending, error, variables } = useMutation({
    networkMode: 'always',
    mutationFn: ({ draft: { settings, file }, idempotencyKey }: Press) => requestVideo(settings, file, { idempotencyKey }),
    retry: (failures, failure) => failures < MOST_RETRIES && failure instanceof ApiError && failure.status === 0,
    retryDelay: (failures) => FIRST_DELAY * 2 ** failures,
    onSuccess: (video) => {
      client.setQueryData(videoQuery(video.id).queryKey, video)
      for (const queryKey of [queueQuery.queryKey, capabilitiesQuery.queryKey, ['videos']]) void client.invalidateQueries({ queryKey })
      onMade(video)
    },
  })
  const isOfNow = variables?.draft.settings === settings && variables.draft.file === file
  return {
    begin: () => mutate({ draft: getDraft(), idempotencyKey: newKey() }),
    pending: isPending,
    error: error && isOfNow ? error : undefined,
  }
}
