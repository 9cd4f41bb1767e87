// The set-up link's token, taken out of the address bar, where it would be seen, kept and passed on. It lasts as long as the
// page. Another link opened in the same tab changes only what is behind `#`, so that is listened to.

import { useEffect, useState } from 'react'
import { setupTokenOf } from './setup-token.ts'

export function useSetupToken(): string | undefined {
  const [token, setToken] = useState(() => setupTokenOf(location.hash))
  useEffect(() => {
    const take = () => {
      const next = setupTokenOf(location.hash)
      if (next !== undefined) setToken(next)
      if (location.hash !== '') history.replaceState(history.state, '', location.pathname + location.search)
    }
    take()
    addEventListener('hashchange', take)
    return () => removeEventListener('hashchange', take)
  }, [])
  return token
}
