// Copies a link that fills the form as it is now.

import { ActionIcon, Tooltip, VisuallyHidden } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Check, Link2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { getDraft } from '../settings/draft.ts'
import { linkOf } from '../settings/link.ts'
import { copyText } from '../ui/copy-text.ts'

const SHOWN_MS = 2500

export function CopyLink() {
  const { t } = useTranslation('create')
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return undefined
    const timer = setTimeout(() => setCopied(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = async () => {
    const link = linkOf(getDraft().settings)
    try {
      await copyText(link)
      setCopied(true)
    } catch {
      notifications.show({ message: link, title: t('link.notCopied'), autoClose: false })
    }
  }
  return (
    <>
      <Tooltip label={t(copied ? 'link.copied' : 'link.copy')}>
        <ActionIcon
          variant="subtle"
          color="gray"
          c="var(--mantine-color-text)"
          size="lg"
          aria-label={t('link.copy')}
          onClick={() => void copy()}
        >
          {copied ? <Check size={18} aria-hidden /> : <Link2 size={18} aria-hidden />}
        </ActionIcon>
      </Tooltip>
      <VisuallyHidden role="status">{copied && t('link.copied')}</VisuallyHidden>
    </>
  )
}
