// The values of a waiting video that can be changed, within the bounds that the service tells.

import { ActionIcon, NumberInput, SimpleGrid, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Dices } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { capabilitiesQuery } from '../api/models.ts'
import type { VideoObject } from '../api/types.ts'
import { fieldOf } from '../settings/limits.ts'
import type { NumberName, Values } from './changes.ts'

interface Props {
  readonly video: VideoObject
  readonly values: Values
  readonly onChange: (part: Partial<Values>) => void
}

const NUMBERS = ['num_frames', 'num_inference_steps', 'guidance_scale', 'seed'] as const

export function EditFields({ video, values, onChange }: Props) {
  const { t } = useTranslation('queue')
  const { data: capabilities } = useQuery(capabilitiesQuery)
  const most = capabilities?.limits.prompt_length
  return (
    <>
      <Textarea
        label={t('field.prompt')}
        value={values.prompt}
        onChange={(event) => onChange({ prompt: event.currentTarget.value })}
        autosize
        minRows={2}
        maxRows={8}
        required
        withAsterisk={false}
        data-autofocus
        {...(most !== undefined && { maxLength: most })}
      />
      <Textarea
        label={t('field.negative_prompt')}
        value={values.negative_prompt}
        onChange={(event) => onChange({ negative_prompt: event.currentTarget.value })}
        autosize
        minRows={1}
        maxRows={4}
        {...(most !== undefined && { maxLength: most })}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
        {NUMBERS.map((name) => (
          <NumberField key={name} name={name} video={video} value={values[name]} onChange={(value) => onChange({ [name]: value })} />
        ))}
      </SimpleGrid>
    </>
  )
}

interface NumberProps {
  readonly name: NumberName
  readonly video: VideoObject
  readonly value: number | ''
  readonly onChange: (value: number | '') => void
}

function NumberField({ name, video, value, onChange }: NumberProps) {
  const { t } = useTranslation('queue')
  const { data: capabilities } = useQuery(capabilitiesQuery)
  const field = capabilities && fieldOf(capabilities, video.model, name)
  // What is changed keeps the frames that it has.
  if (field && !field.tasks.includes(video.task)) return null
  return (
    <NumberInput
      label={t(`field.${name}`)}
      {...(name === 'seed' && { description: t('field.seedHint') })}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      value={value}
      onChange={(next) => onChange(typeof next === 'number' ? next : '')}
      allowDecimal={name === 'guidance_scale'}
      step={name === 'guidance_scale' ? 0.5 : 1}
      {...(field && { min: field.least, max: field.most })}
      {...(name === 'seed' && {
        hideControls: true,
        rightSection: (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('field.seedRandom')}
            title={t('field.seedRandom')}
            onClick={() => onChange(-1)}
          >
            <Dices size={17} aria-hidden />
          </ActionIcon>
        ),
      })}
    />
  )
}
