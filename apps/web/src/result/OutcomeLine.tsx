// How the last action went, below the buttons; announced politely.

import { Anchor, Group, Loader, Text } from '@mantine/core'
import { CircleAlert, CircleCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Outcome } from './use-outcome.ts'

export function OutcomeLine({ outcome }: { outcome: Outcome | undefined }) {
  const { t } = useTranslation('result')
  return (
    <div role="status">
      {outcome && (
        <Group gap={8} mt="sm" wrap="nowrap" align="flex-start">
          <Sign kind={outcome.kind} />
          <Text size="sm">
            {outcome.text}{' '}
            {outcome.isQueued && (
              <Anchor component={Link} href="/queue" size="sm">
                {t('toQueue')}
              </Anchor>
            )}
          </Text>
        </Group>
      )}
    </div>
  )
}

function Sign({ kind }: { kind: Outcome['kind'] }) {
  if (kind === 'busy') return <Loader size={16} mt={3} aria-hidden />
  const Icon = kind === 'done' ? CircleCheck : CircleAlert
  return (
    <Text component="span" c={kind === 'done' ? 'kinora' : 'red'} lh={1} mt={3} flex="none">
      <Icon size={16} aria-hidden />
    </Text>
  )
}
