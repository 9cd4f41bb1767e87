// The models of this service, with the licence of each and what suits it.

import { Alert, Code, Loader, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { modelsQuery } from '../api/models.ts'
import type { ModelObject } from '../api/types.ts'
import { useErrorText } from '../i18n/use-error-text.ts'
import { WideTable } from '../ui/WideTable.tsx'
import { Section } from './Section.tsx'

export function ModelsSection() {
  const { t } = useTranslation(['help', 'common'])
  const errorText = useErrorText()
  const { data, error } = useQuery(modelsQuery)
  return (
    <Section name="models">
      <Text lh="inherit">{t('models.text')}</Text>
      {data && <Models models={data} />}
      {!data && error && <Alert color="red">{errorText(error)}</Alert>}
      {!data && !error && <Loader size="sm" role="status" aria-label={t('common:loading')} />}
    </Section>
  )
}

function Models({ models }: { models: readonly ModelObject[] }) {
  const { t } = useTranslation('help')
  const columns = (['name', 'licence', 'size', 'frames', 'steps', 'guidance'] as const).map((name) => t(`models.${name}`))
  return (
    <WideTable name={t('models.table')} columns={columns}>
      {models.map((model) => (
        <Model key={model.id} model={model} />
      ))}
    </WideTable>
  )
}

function Model({ model: { id, title, license, ready, defaults } }: { model: ModelObject }) {
  const { t, i18n } = useTranslation('help')
  const { width, height, num_frames, num_inference_steps, guidance_scale } = defaults
  const number = new Intl.NumberFormat(i18n.language)
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        <Text fw={600} fz="sm" translate="no">
          {title}
        </Text>
        <Code translate="no">{id}</Code>
        {!ready && (
          <Text fz="sm" c="dimmed" mt={4}>
            {t('models.notReady')}
          </Text>
        )}
      </Table.Th>
      <Table.Td>{license === null ? t('models.unknown') : <span translate="no">{license}</span>}</Table.Td>
      <Table.Td>{`${width}×${height}`}</Table.Td>
      <Table.Td>{number.format(num_frames)}</Table.Td>
      <Table.Td>{number.format(num_inference_steps)}</Table.Td>
      <Table.Td>{number.format(guidance_scale)}</Table.Td>
    </Table.Tr>
  )
}
