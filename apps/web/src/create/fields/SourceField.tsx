// The video or picture that the new one starts from: dropped, chosen from the device, or an earlier one of the library.

import { SegmentedControl, Stack } from '@mantine/core'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { changeSettings, idOf, useForm } from '../form-context.ts'
import { dropSource, isPicture, useFileOrEarlier } from '../source.ts'
import { NumberRow } from './NumberRow.tsx'
import { Row } from './Row.tsx'
import { SourceCard } from './SourceCard.tsx'
import { SourceChooser } from './SourceChooser.tsx'

const TASKS = ['edit', 'extend'] as const

export function SourceField() {
  const { t } = useTranslation('create')
  const { settings, file } = useForm()
  const hasSource = useFileOrEarlier()
  const chooser = useRef<HTMLButtonElement>(null)
  const remove = () => {
    dropSource()
    // The button that was pressed is gone.
    requestAnimationFrame(() => chooser.current?.focus())
  }
  return (
    <Stack gap="md">
      <Row name="source" wide group note={file && isPicture(file) ? t('source.picture') : undefined}>
        {hasSource ? <SourceCard onRemove={remove} /> : <SourceChooser focusRef={chooser} />}
        {hasSource && !(file && isPicture(file)) && (
          <SegmentedControl
            mt="xs"
            fullWidth
            aria-label={t('source.task')}
            aria-describedby={idOf('source-task')}
            data={TASKS.map((task) => ({ value: task, label: t(`source.${task}`) }))}
            value={settings.task}
            onChange={(task) => changeSettings({ task: task === 'edit' ? 'edit' : 'extend' })}
          />
        )}
      </Row>
      <NumberRow name="strength" arrowStep={0.05} />
      <NumberRow name="overlap" />
    </Stack>
  )
}
