// Copies a link that fills the form as it is now.

import { ActionIcon, Tooltip, VisuallyHidden } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Check, Link2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { getDraft } from '../settings/draft.ts'
import { linkOf } from '../settings/link.ts'
import { useCopied } from '../ui/use-copied.ts'

export function CopyLink() {
  const { t } = useTranslation('create')
  const { copied, copy } = useCopied()
  const press = () => {
    const link = linkOf(getDraft().settings)
    copy(link).catch(() => notifications.show({ message: link, title: t('link.notCopied'), autoClose: false }))
  }
  return (
    <>
      <Tooltip label={t(copied ? 'link.copied' : 'link.copy')}>
        <ActionIcon variant="subtle" color="gray" c="var(--mantine-color-text)" size="lg" aria-label={t('link.copy')} onClick={press}>
          {copied ? <Check size={18} aria-hidden /> : <Link2 size={18} aria-hidden />}
        </ActionIcon>
      </Tooltip>
      <VisuallyHidden role="status">{copied && t('link.copied')}</VisuallyHidden>
    </>
  )
}
