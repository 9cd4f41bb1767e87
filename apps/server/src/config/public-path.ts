// Below which path of its host browsers find the service: publicUrl's. A proxy may take it off requests or leave it there;
// the service answers both.

import type { Config } from './config.ts'

/** Without a slash at its end: '' or '/kinora'. */
export function publicPath({ publicUrl }: Pick<Config, 'publicUrl'>): string {
  return publicUrl === null ? '' : new URL(publicUrl).pathname.replace(/\/+$/, '')
}
