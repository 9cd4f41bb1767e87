// The sampler; the model's own comes first.

import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { modelOf } from '../../settings/limits.ts'
import { changeSettings, useForm } from '../form-context.ts'
import { Row, useControl } from './Row.tsx'

/** No sampler has this name. */
const OWN = '-'
const LIST_HEIGHT = 280

export function SchedulerField() {
  const { t } = useTranslation('create')
  const { capabilities, settings } = useForm()
  const control = useControl('scheduler')
  const own = modelOf(capabilities, settings.model)?.scheduler ?? ''
  const { scheduler } = settings
  const chosen = scheduler === undefined || scheduler === own ? OWN : scheduler
  const isListed = chosen === OWN || capabilities.schedulers.includes(chosen)
  return (
    <Row name="scheduler" wide>
      <Select
        {...control}
        searchable
        allowDeselect={false}
        maxDropdownHeight={LIST_HEIGHT}
        nothingFoundMessage={t('options.scheduler.noneFound')}
        data={[{ value: OWN, label: t('options.scheduler.own', { name: own }) }, ...capabilities.schedulers, ...(isListed ? [] : [chosen])]}
        value={chosen}
        onChange={(value) => changeSettings({ scheduler: value === OWN || value === null ? undefined : value })}
      />
    </Row>
  )
}
