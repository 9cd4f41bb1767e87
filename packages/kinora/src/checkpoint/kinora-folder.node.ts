// Where Kinora keeps what it made of models and can make again: int8 weights, compiled models. Not the
// hub's cache of downloads, which is shared with Python's huggingface_hub (hub/settings.node.ts).

import path from 'node:path'
import type { HubOptions } from './hub/hub.ts'
import { expand } from './hub/settings.node.ts'

/** A folder of $KINORA_CACHE, else of the one that systems keep for caches. */
export function kinoraFolder(name: string, env: NonNullable<HubOptions['env']> = process.env): string {
  const root = env.KINORA_CACHE || path.join(env.XDG_CACHE_HOME || path.join('~', '.cache'), 'kinora')
  return path.resolve(expand(root, env), name)
}
