// Progress as the protocol wants it: only where the client asked for it, and each number above the one before.

import type { OverallProgress } from 'kinora'
import { seconds } from '../format.ts'
import { createPace } from '../progress.ts'

/** `token`: undefined where the client does not want any. */
type Send = (notification: {
  method: 'notifications/progress'
  params: { progressToken: string | number; progress: number; total: number; message: string }
}) => Promise<void>

const TOTAL = 100
const DIGITS = 2

/** A function for each report; what does not raise the number is not sent. */
export function progressSender(token: string | number | undefined, send: Send): (share: number, progress: OverallProgress) => void {
  const pace = createPace()
  let sent = -1
  return (share, progress) => {
    const value = Number((TOTAL * share).toFixed(DIGITS))
    const { secondsLeft } = pace(progress)
    if (token === undefined || value <= sent) return
    sent = value
    const { phase, step, total } = progress
    const count = phase === 'downloading' ? ` ${Math.floor((100 * step) / Math.max(1, total))}%` : total > 1 ? ` ${step}/${total}` : ''
    const left = secondsLeft === undefined || secondsLeft < 1 ? '' : `, ${seconds(secondsLeft)} left`
    const params = { progressToken: token, progress: value, total: TOTAL, message: `${phase}${count}${left}` }
    send({ method: 'notifications/progress', params }).catch(() => {}) // a client that is gone needs none
  }
}
