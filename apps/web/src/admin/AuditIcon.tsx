// A sign for each kind of entry, so that the eye finds failed log-ins and removals in a long list. The sentence says the same.

import { ThemeIcon } from '@mantine/core'
import { CircleDot, KeyRound, LogIn, LogOut, type LucideIcon, ShieldAlert, UserMinus, UserPen, UserPlus } from 'lucide-react'
import { type Action, isAction } from './audit.ts'

const ICONS: Readonly<Record<Action, LucideIcon>> = {
  login: LogIn,
  login_failed: ShieldAlert,
  logout: LogOut,
  password_changed: KeyRound,
  key_created: KeyRound,
  key_revoked: KeyRound,
  user_created: UserPlus,
  user_changed: UserPen,
  user_removed: UserMinus,
}
const ALERTING: ReadonlySet<string> = new Set<Action>(['login_failed', 'user_removed'])

export function AuditIcon({ action }: { action: string }) {
  const Icon = isAction(action) ? ICONS[action] : CircleDot
  return (
    <ThemeIcon variant="light" color={ALERTING.has(action) ? 'red' : 'gray'} radius="xl" size="lg" aria-hidden>
      <Icon size={16} />
    </ThemeIcon>
  )
}
