// Which seeds several prompts get.

import { Group, Input, NumberInput, SegmentedControl, Stack } from '@mantine/core'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Seeds } from './lines.ts'

interface Props {
  readonly seeds: Seeds
  readonly onChange: (seeds: Seeds) => void
  readonly isOff: boolean
}

/** Leaves room to count up from. */
const MOST = 1_000_000_000

export function SeedChoice({ seeds, onChange, isOff }: Props) {
  const { t } = useTranslation('queue')
  const id = useId()
  const [from, setFrom] = useState<number | ''>(0)
  const count = (next: number | '') => {
    setFrom(next)
    onChange({ kind: 'counting', from: next === '' ? 0 : next })
  }
  return (
    <Group align="flex-end" gap="md">
      <Stack gap={4} align="flex-start">
        <Input.Label id={id} labelElement="div">
          {t('seeds.title')}
        </Input.Label>
        <SegmentedControl
          aria-labelledby={id}
          value={seeds.kind}
          disabled={isOff}
          onChange={(kind) => (kind === 'counting' ? count(from) : onChange({ kind: 'random' }))}
          data={[
            { value: 'random', label: t('seeds.random') },
            { value: 'counting', label: t('seeds.counting') },
          ]}
        />
      </Stack>
      {seeds.kind === 'counting' && (
        <NumberInput
          label={t('seeds.from')}
          value={from}
          onChange={(value) => count(typeof value === 'number' ? value : '')}
          min={0}
          max={MOST}
          allowDecimal={false}
          disabled={isOff}
          w={150}
        />
      )}
    </Group>
  )
}
