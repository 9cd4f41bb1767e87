// Which model: its name, its licence and what that forbids, whether a worker has it.

import { Group, Select, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ModelObject } from '../../api/types.ts'
import { changeSettings, useForm } from '../form-context.ts'
import { Warning } from '../Warning.tsx'
import { Row, useControl } from './Row.tsx'

export function ModelField() {
  const { t } = useTranslation('create')
  const { capabilities, models, settings } = useForm()
  const chosen = settings.model ?? capabilities.default_model
  const model = models.find(({ id }) => id === chosen)
  const problem = model ? undefined : t('problems.unknownModel', { model: chosen })
  const control = useControl('model', problem)
  return (
    <Row name="model" wide problem={problem} note={model && <Notes model={model} />}>
      <Select
        {...control}
        allowDeselect={false}
        translate="no"
        data={models.map(({ id, title }) => ({ value: id, label: title }))}
        renderOption={({ option }) => <ModelOption model={models.find(({ id }) => id === option.value)} />}
        value={model ? chosen : null}
        // Adapters belong to one model.
        onChange={(value) =>
          value !== null && changeSettings({ model: value === capabilities.default_model ? undefined : value, lora: undefined })
        }
      />
    </Row>
  )
}

function ModelOption({ model }: { model: ModelObject | undefined }) {
  const { t } = useTranslation('create')
  if (!model) return null
  return (
    <Stack gap={0}>
      <Text size="sm" translate="no">
        {model.title}
      </Text>
      <Text size="xs" c="dimmed">
        {t(model.ready ? 'options.model.ready' : 'options.model.notReady')}
      </Text>
    </Stack>
  )
}

function Notes({ model: { license, ready } }: { model: ModelObject }) {
  const { t } = useTranslation('create')
  const forbidsTrade = license !== null && /\bnc\b|non-?commercial/i.test(license)
  return (
    <>
      <Group gap="xs">
        <Text size="xs">
          {license === null ? t('options.model.noLicense') : t('options.model.license')}{' '}
          {license !== null && (
            <Text span inherit translate="no">
              {license}
            </Text>
          )}
        </Text>
      </Group>
      {forbidsTrade && <Warning>{t('options.model.nonCommercial')}</Warning>}
      {!ready && <Warning>{t('options.model.waits')}</Warning>}
    </>
  )
}
