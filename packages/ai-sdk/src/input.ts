// The picture or video that a generation starts from, out of the three places where the AI SDK has such files. The family knows
// one of them: a picture, with which the video begins, or a video, which is redrawn or continued. The rest is warned of.

import type { Experimental_VideoModelV4CallOptions, Experimental_VideoModelV4File, SharedV4Warning } from '@ai-sdk/provider'
import { convertBase64ToUint8Array, downloadBlob, type FetchFunction } from '@ai-sdk/provider-utils'

export interface Input {
  readonly kind: 'picture' | 'video'
  readonly file: Blob
}

type Options = Pick<Experimental_VideoModelV4CallOptions, 'image' | 'frameImages' | 'inputReferences' | 'abortSignal'>

interface Needs {
  readonly fetch?: FetchFunction | undefined
  readonly warn: (warning: SharedV4Warning) => void
}

/** Undefined for a video that starts from its prompt alone. URLs are downloaded. */
export async function inputOf(options: Options, { fetch, warn }: Needs): Promise<Input | undefined> {
  const { image, frameImages = [], inputReferences = [], abortSignal } = options
  if (frameImages.some(({ frameType }) => frameType === 'last_frame'))
    warn({ type: 'unsupported', feature: 'frameImages', details: 'a last frame cannot be given: only the first one is used' })
  const first = image ?? frameImages.find(({ frameType }) => frameType === 'first_frame')?.image
  const files = await Promise.all(inputReferences.map((reference) => blobOf(reference, fetch, abortSignal)))
  const videos = files.filter(({ type }) => type.startsWith('video/') || type === 'image/gif')
  if (videos.length < files.length)
    warn({ type: 'unsupported', feature: 'inputReferences', details: 'pictures are no references for this model: they are left out' })
  if (videos.length > 1 || (first && videos.length > 0))
    warn({ type: 'unsupported', feature: 'inputReferences', details: 'a video starts from one file: the others are left out' })
  if (first) return { kind: 'picture', file: await blobOf(first, fetch, abortSignal) }
  return videos[0] && { kind: 'video', file: videos[0] }
}

async function blobOf(
  file: Experimental_VideoModelV4File,
  fetch: FetchFunction | undefined,
  abortSignal: AbortSignal | undefined,
): Promise<Blob> {
  if (file.type === 'url') {
    const blob = await downloadBlob(file.url, { ...(fetch && { fetch }), ...(abortSignal && { abortSignal }) })
    return file.mediaType === undefined ? blob : blob.slice(0, blob.size, file.mediaType)
  }
  const bytes = typeof file.data === 'string' ? convertBase64ToUint8Array(file.data) : file.data
  return new Blob([Uint8Array.from(bytes)], { type: file.mediaType })
}
