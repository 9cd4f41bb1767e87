// Adapters of the model, each with how strongly it is applied. Only for models that have some.

import { ActionIcon, Button, Group, Select, Stack } from '@mantine/core'
import { Plus, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { changeSettings, idOf, useForm } from '../form-context.ts'
import { NumberControl } from './NumberControl.tsx'
import { Row } from './Row.tsx'

const ARROW_STEP = 0.1
/** Any number may be typed; the service says which it takes. */
const ANY = { least: Number.MIN_SAFE_INTEGER, most: Number.MAX_SAFE_INTEGER, step: null }

export function LoraField() {
  const { t } = useTranslation('create')
  const { capabilities, models, settings } = useForm()
  const model = models.find(({ id }) => id === (settings.model ?? capabilities.default_model))
  const chosen = settings.lora ?? []
  const free = model?.loras.filter((name) => !chosen.some((one) => one.name === name)) ?? []
  if (!model || (model.loras.length === 0 && chosen.length === 0)) return null
  const change = (lora: typeof chosen) => changeSettings({ lora: lora.length > 0 ? lora : undefined })
  const changeOne = (index: number, one: Partial<(typeof chosen)[number]>) =>
    change(chosen.map((before, i) => (i === index ? { ...before, ...one } : before)))
  return (
    <Row name="lora" wide group>
      <Stack gap="xs" role="group" aria-labelledby={`${idOf('lora')}-label`}>
        {chosen.map(({ name, scale }, index) => (
          <Group key={name} gap={4} wrap="nowrap">
            <Select
              flex={1}
              aria-label={t('options.lora.name', { index: index + 1 })}
              translate="no"
              allowDeselect={false}
              data={[name, ...free]}
              value={name}
              onChange={(next) => next !== null && changeOne(index, { name: next })}
            />
            <NumberControl
              w={88}
              aria-label={t('options.lora.scale', { name })}
              value={scale}
              onChange={(next) => changeOne(index, { scale: next ?? 1 })}
              bounds={ANY}
              arrowStep={ARROW_STEP}
            />
            <ActionIcon
              variant="default"
              size={36}
              aria-label={t('options.lora.remove', { name })}
              onClick={() => {
                change(chosen.filter((_, i) => i !== index))
                document.getElementById(idOf('lora'))?.focus()
              }}
            >
              <X size={16} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        <Button
          id={idOf('lora')}
          variant="default"
          size="xs"
          leftSection={<Plus size={16} aria-hidden />}
          data-disabled={free.length === 0}
          aria-disabled={free.length === 0}
          onClick={() => free[0] !== undefined && change([...chosen, { name: free[0], scale: 1 }])}
        >
          {t('options.lora.add')}
        </Button>
      </Stack>
    </Row>
  )
}
