// A video for who asks for it: their own, or anyone's for an administrator. Another one's is answered as one that is
// not there, so that ids cannot be tried out.

import type { Identity } from '../accounts/identity.ts'
import { ServerError } from '../errors.ts'
import type { Job } from '../queue/take.ts'
import type { Services } from '../services.ts'

/** Throws ServerError (404), which names `param` where the id is not the path's. */
export async function ownVideo({ hub }: Pick<Services, 'hub'>, identity: Identity, id: string, param?: string): Promise<Job> {
  const job = await hub.get(id)
  if (!job || !maySee(identity, job)) throw videoNotFound(param)
  return job
}

function maySee({ userId, scopes }: Identity, job: Pick<Job, 'userId'>): boolean {
  return job.userId === userId || scopes.has('admin')
}

export function videoNotFound(param?: string): ServerError {
  return new ServerError('there is no video with this id', { status: 404, code: 'video_not_found', ...(param !== undefined && { param }) })
}
