// The seed: left empty another one each time; or that of the video on the stage, to change one thing at a time.

import { ActionIcon, Group, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Dices, Recycle } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { videoQuery } from '../../api/videos.ts'
import { fieldOf } from '../../settings/limits.ts'
import { useCurrent } from '../current.ts'
import { changeSettings, useForm } from '../form-context.ts'
import { NumberControl } from './NumberControl.tsx'
import { Row, useControl } from './Row.tsx'

export function SeedField() {
  const { t } = useTranslation('create')
  const { capabilities, settings } = useForm()
  const control = useControl('seed')
  const seed = useSeedOnStage()
  return (
    <Row name="seed" wide>
      <Group gap={6} wrap="nowrap">
        <NumberControl
          {...control}
          flex={1}
          hideControls
          value={settings.seed === -1 ? undefined : settings.seed}
          onChange={(value) => changeSettings({ seed: value })}
          bounds={fieldOf(capabilities, settings.model, 'seed')}
          placeholder={t('options.seed.random')}
        />
        <Tooltip label={t('options.seed.dice')}>
          <ActionIcon variant="default" size={36} aria-label={t('options.seed.dice')} onClick={() => changeSettings({ seed: undefined })}>
            <Dices size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={t('options.seed.reuse')}>
          <ActionIcon
            variant="default"
            size={36}
            aria-label={t('options.seed.reuse')}
            disabled={seed === undefined}
            onClick={() => changeSettings({ seed })}
          >
            <Recycle size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Group>
    </Row>
  )
}

function useSeedOnStage(): number | undefined {
  const id = useCurrent()
  const { data } = useQuery({ ...videoQuery(id ?? ''), enabled: id !== undefined })
  return id === undefined ? undefined : data?.seed
}
