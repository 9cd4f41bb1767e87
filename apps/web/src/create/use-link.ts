// Fills the form from the page's address, once, and takes the settings out of the address: what is changed afterwards would
// contradict it, and a reload would undo it.

import { useEffect } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { setDraft } from '../settings/draft.ts'
import { settingsOfLink } from '../settings/link.ts'

export function useLink(): void {
  const [params] = useSearchParams()
  const [path, navigate] = useLocation()
  useEffect(() => {
    const settings = settingsOfLink(params)
    if (!settings) return
    setDraft({ settings })
    navigate(path, { replace: true })
  }, [params, path, navigate])
}
