// The public entry: a service or a worker in this process, and what belongs to keeping one.

export { admin } from './admin.ts'
export { backup } from './backup/backup.ts'
export { restore } from './backup/restore.ts'
export * from './config/entry.ts'
export { ServerError } from './errors.ts'
export { type RunningService, type StartOptions, serve } from './serve.ts'
export { type RunningWork, work } from './work.ts'
