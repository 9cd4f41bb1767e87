// What the video should not show.

import { Textarea } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { modelOf } from '../../settings/limits.ts'
import { changeSettings, useForm } from '../form-context.ts'
import { Row, useControl } from './Row.tsx'

const MOST_ROWS = 6

export function NegativeField() {
  const { t } = useTranslation('create')
  const { capabilities, settings } = useForm()
  const control = useControl('negative_prompt')
  const usual = modelOf(capabilities, settings.model)?.negative_prompt
  return (
    <Row name="negative_prompt" wide>
      <Textarea
        {...control}
        autosize
        translate="no"
        minRows={1}
        maxRows={MOST_ROWS}
        maxLength={capabilities.limits.prompt_length}
        placeholder={usual || t('options.negative_prompt.none')}
        value={settings.negative_prompt ?? ''}
        onChange={({ currentTarget: { value } }) => changeSettings({ negative_prompt: value === '' ? undefined : value })}
      />
    </Row>
  )
}
