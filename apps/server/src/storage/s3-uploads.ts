// Uploads in parts that were begun and never ended: their parts take room until somebody ends them.

import type { S3mini } from 's3mini'
import { z } from 'zod'

const upload = z.object({ Key: z.string(), UploadId: z.string(), Initiated: z.coerce.date() })
const listing = z.object({
  ListMultipartUploadsResult: z.union([z.string(), z.object({ Upload: z.union([upload, z.array(upload)]).optional() })]),
})

/** Those with the prefix that began before then, a thousand at a time. */
export async function abortUploads(s3: S3mini, prefix: string, before: Date): Promise<number> {
  const answer = listing.parse(await s3.listMultipartUploads('/', prefix)).ListMultipartUploadsResult
  const uploads = typeof answer === 'string' ? [] : [answer.Upload ?? []].flat()
  let count = 0
  for (const { Key, UploadId, Initiated } of uploads) {
    if (!Key.startsWith(prefix) || Initiated >= before) continue
    await s3.abortMultipartUpload(Key, UploadId)
    count++
  }
  return count
}
