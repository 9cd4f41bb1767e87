// A user's own bounds: for each whether it is the service's own, none, or a number.

import { Fieldset, Group, NativeSelect, NumberInput, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { BOUNDS, type Bound, type BoundKind, type BoundName, MOST, type QuotaForm } from './quota.ts'
import { useUsualVideos } from './use-usual-videos.ts'

const KINDS = ['own', 'none', 'number'] as const

interface QuotaFieldsProps {
  readonly value: QuotaForm
  readonly onChange: (value: QuotaForm) => void
  /** Those whose number has to be given first. */
  readonly lacking: readonly BoundName[]
}

export function QuotaFields({ value, onChange, lacking }: QuotaFieldsProps) {
  const { t } = useTranslation('admin')
  return (
    <Fieldset legend={t('quota.title')} radius="md">
      <Stack gap="md">
        {BOUNDS.map((name) => (
          <BoundField
            key={name}
            name={name}
            bound={value[name]}
            onChange={(bound) => onChange({ ...value, [name]: bound })}
            isLacking={lacking.includes(name)}
          />
        ))}
      </Stack>
    </Fieldset>
  )
}

interface BoundFieldProps {
  readonly name: BoundName
  readonly bound: Bound
  readonly onChange: (bound: Bound) => void
  readonly isLacking: boolean
}

function BoundField({ name, bound, onChange, isLacking }: BoundFieldProps) {
  const { t } = useTranslation('admin')
  const inVideos = useUsualVideos()
  const isNumber = bound.kind === 'number'
  return (
    <Stack gap={6}>
      <Group align="flex-end" gap="sm" grow preventGrowOverflow={false}>
        <NativeSelect
          label={t(`quota.${name}`)}
          value={bound.kind}
          onChange={(event) => onChange({ ...bound, kind: event.currentTarget.value as BoundKind })}
          data={KINDS.map((kind) => ({ value: kind, label: t(`quota.kind.${kind}`) }))}
        />
        {isNumber && (
          <NumberInput
            aria-label={t('quota.numberOf', { name: t(`quota.${name}`) })}
            value={bound.value}
            onChange={(value) => onChange({ ...bound, value: typeof value === 'number' ? value : '' })}
            min={0}
            max={MOST[name]}
            allowDecimal={false}
            allowNegative={false}
            thousandSeparator
            error={isLacking}
          />
        )}
      </Group>
      {isLacking && (
        <Text size="sm" c="var(--mantine-color-error)">
          {t('quota.lacking')}
        </Text>
      )}
      {name === 'work_per_day' && (
        <Text size="sm" c="dimmed">
          {isNumber && bound.value !== '' ? t('quota.workIs', { amount: inVideos(bound.value) }) : t('quota.workText')}
        </Text>
      )}
    </Stack>
  )
}
