// What users may be called, and what their passwords must be: for the API's schemas and for the settings alike.

import { z } from 'zod'

/** No control or invisible characters, which make two names look the same; no space at either end. */
const NAME = /^(?!\p{Zs})[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{1,64}(?<!\p{Zs})$/u

/** Compared without regard to case; composed letters and their parts are the same. */
export const userName = z
  .string()
  .normalize('NFC')
  .regex(NAME, 'a name has 1 to 64 visible characters, and no space at its ends')
  .describe('1 to 64 visible characters, upper and lower case being the same')

export const newPassword = z.string().min(8).max(256).describe('8 to 256 characters')

/** One that is compared with the right one: its length is no matter but for the work that it takes. */
export const anyPassword = z.string().min(1).max(256)
