// Text put on the clipboard, and for a moment afterwards the knowledge that it is there.

import { useEffect, useState } from 'react'
import { copyText } from './copy-text.ts'

const SHOWN_MS = 2500

/** `copy` rejects when the browser does not let it. */
export function useCopied(): { readonly copied: boolean; readonly copy: (text: string) => Promise<void> } {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return undefined
    const timer = setTimeout(() => setCopied(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [copied])
  return {
    copied,
    async copy(text) {
      await copyText(text)
      setCopied(true)
    },
  }
}
