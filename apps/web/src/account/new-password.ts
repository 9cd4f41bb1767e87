// Whether a new password, typed twice, can be sent.

import { isPassword } from '../ui/credentials.ts'
import type { NewPassword, NewPasswordProblem } from './NewPasswordFields.tsx'

export const NO_PASSWORD: NewPassword = { first: '', again: '' }

export function problemOfPassword({ first, again }: NewPassword): NewPasswordProblem | undefined {
  if (!isPassword(first)) return 'length'
  return first === again ? undefined : 'differ'
}
