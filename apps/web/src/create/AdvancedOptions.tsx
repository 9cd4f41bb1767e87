// Everything beside the prompt, closed until it is wanted; closed, it tells how much is changed.

import { Accordion, Badge, Button, Group, Stack, Text, Title } from '@mantine/core'
import { RotateCcw } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { setDraft } from '../settings/draft.ts'
import { changedOptions, withoutOptions } from '../settings/options.ts'
import styles from './AdvancedOptions.module.css'
import { FramesField } from './fields/FramesField.tsx'
import { LoraField } from './fields/LoraField.tsx'
import { ModelField } from './fields/ModelField.tsx'
import { NegativeField } from './fields/NegativeField.tsx'
import { NumberRow } from './fields/NumberRow.tsx'
import { SchedulerField } from './fields/SchedulerField.tsx'
import { SeedField } from './fields/SeedField.tsx'
import { SizeField } from './fields/SizeField.tsx'
import { SourceField } from './fields/SourceField.tsx'
import { useForm } from './form-context.ts'

const ITEM = 'advanced'

export function AdvancedOptions({ opened, onToggle }: { opened: boolean; onToggle: (opened: boolean) => void }) {
  const { t } = useTranslation('create')
  const { capabilities, settings, file } = useForm()
  const count = changedOptions(capabilities, settings, file !== undefined).length
  return (
    <Accordion
      variant="contained"
      radius="md"
      order={2}
      classNames={{ item: styles.accordion, control: styles.control }}
      keepMountedMode="display-none"
      value={opened ? ITEM : null}
      onChange={(value) => onToggle(value === ITEM)}
    >
      <Accordion.Item value={ITEM}>
        <Accordion.Control>
          <Group gap="xs" wrap="nowrap">
            <Text span fw={600}>
              {t('advanced')}
            </Text>
            {count > 0 && (
              <Badge variant="light" tt="none">
                {t('changed', { count })}
              </Badge>
            )}
          </Group>
        </Accordion.Control>
        <Accordion.Panel>
          <Stack gap="lg">
            <Options />
            <Button
              variant="default"
              leftSection={<RotateCcw size={16} aria-hidden />}
              data-disabled={count === 0}
              aria-disabled={count === 0}
              onClick={() => count > 0 && setDraft({ settings: withoutOptions(settings) })}
            >
              {t('reset')}
            </Button>
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  )
}

function Options() {
  const { t } = useTranslation('create')
  return (
    <>
      <OptionGroup title={t('groups.video')}>
        <SeedField />
        <FramesField />
        <NumberRow name="fps" />
        <SizeField />
      </OptionGroup>
      <OptionGroup title={t('groups.sampling')}>
        <NumberRow name="num_inference_steps" />
        <NumberRow name="guidance_scale" arrowStep={0.5} />
        <NegativeField />
        <SchedulerField />
      </OptionGroup>
      <OptionGroup title={t('groups.model')}>
        <ModelField />
        <LoraField />
      </OptionGroup>
      <OptionGroup title={t('groups.source')}>
        <SourceField />
      </OptionGroup>
    </>
  )
}

function OptionGroup({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack gap="md" component="section" className={styles.group}>
      <Title order={3} size="sm" c="dimmed" fw={600}>
        {title}
      </Title>
      {children}
    </Stack>
  )
}
