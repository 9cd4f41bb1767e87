// A size of one's own: two numbers, with the multiples and the number of pixels that can be had.

import { Group, Input, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { defaultOf, fieldOf } from '../../settings/limits.ts'
import { problemOf } from '../../settings/problem.ts'
import { formatNumber } from '../../ui/format.ts'
import { changeSettings, idOf, useForm } from '../form-context.ts'
import { NumberControl } from './NumberControl.tsx'

const SIDES = ['width', 'height'] as const

export function CustomSize() {
  const { t, i18n } = useTranslation('create')
  const { capabilities, settings } = useForm()
  const problem = problemOf(capabilities, { ...settings, prompt: 'x' })
  const isAtFault = problem?.kind === 'notMultiple' || problem?.kind === 'tooManyPixels'
  const multiple = fieldOf(capabilities, settings.model, 'width')?.least ?? 1
  const pixels = formatNumber(capabilities.limits.pixels, i18n.language)
  return (
    <>
      <Group grow mt="xs" align="flex-start" gap="sm">
        {SIDES.map((side) => (
          <Input.Wrapper key={side} label={t(`sizes.${side}`)} id={idOf(`custom-${side}`)} size="xs">
            <NumberControl
              id={idOf(`custom-${side}`)}
              aria-describedby={idOf('custom-about')}
              error={isAtFault && (problem.param === side || problem.kind === 'tooManyPixels')}
              value={settings[side]}
              onChange={(value) => changeSettings({ [side]: value })}
              bounds={fieldOf(capabilities, settings.model, side)}
              usual={defaultOf(capabilities, settings, side)}
              clampBehavior="none"
            />
          </Input.Wrapper>
        ))}
      </Group>
      <Text size="xs" c={isAtFault ? 'var(--mantine-color-error)' : 'dimmed'} mt={4} id={idOf('custom-about')} aria-live="polite">
        {t('sizes.rule', { multiple, pixels })}
      </Text>
    </>
  )
}
