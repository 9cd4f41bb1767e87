// What the parts of a running service share. Built once, in serve.ts; routes take what they need of it.

import type { Logger } from 'pino'
import type { Config } from './config/config.ts'
import type { Database, Listen } from './db/open.ts'
import type { Storage } from './storage/storage.ts'
import type { VideoHub } from './watch/hub.ts'

export interface Services {
  readonly config: Config
  readonly db: Database
  /** What other processes say of what they changed. */
  readonly listen: Listen
  readonly storage: Storage
  readonly hub: VideoHub
  readonly log: Logger
}
