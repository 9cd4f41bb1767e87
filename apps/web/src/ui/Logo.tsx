// The sign of the application; the page's icon (public/icon.svg) is the same.

import { addressOf } from '../base.ts'

export function Logo({ size = 28 }: { size?: number }) {
  return <img src={addressOf('icon.svg')} width={size} height={size} alt="" />
}
