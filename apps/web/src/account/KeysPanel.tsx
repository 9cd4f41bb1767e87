// The own API keys, with what makes and ends them and an example of their use.

import { Button, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Key } from '../api/types.ts'
import { addressOf } from '../base.ts'
import { useErrorText } from '../i18n/use-error-text.ts'
import { CopyField } from '../ui/CopyField.tsx'
import { Panel } from '../ui/Panel.tsx'
import { RevokeKey } from '../ui/RevokeKey.tsx'
import { useDialog } from '../ui/use-dialog.ts'
import { CreateKey } from './CreateKey.tsx'
import { KeyList } from './KeyList.tsx'
import { curlExample, keysQuery, revokeKey } from './keys.ts'

export function KeysPanel() {
  const { t } = useTranslation('account')
  const errorText = useErrorText()
  const client = useQueryClient()
  const { data, error } = useQuery(keysQuery)
  const creating = useDialog<null>()
  const revoking = useDialog<Key>()
  const heading = useRef<HTMLHeadingElement>(null)
  const revoke = async (id: string) => {
    await revokeKey(id)
    await client.invalidateQueries({ queryKey: keysQuery.queryKey })
  }
  return (
    <Panel
      headingRef={heading}
      title={t('keys.title')}
      text={t('keys.text')}
      action={
        <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => creating.open(null)}>
          {t('keys.create')}
        </Button>
      }
    >
      <Stack gap="lg">
        {data ? <KeyList keys={data} onRevoke={revoking.open} /> : !error && <Skeleton height={120} />}
        {error && <Text role="alert">{errorText(error)}</Text>}
        <CopyField label={t('keys.example')} text={curlExample(addressOf('v1/videos'), 'KEY')} lines />
      </Stack>
      <CreateKey opened={creating.opened} onClose={creating.close} />
      <RevokeKey
        dialog={revoking}
        nameOf={({ name, start }) => `${name} · ${start}…`}
        revoke={revoke}
        onRevoked={() => heading.current?.focus()}
      />
    </Panel>
  )
}
