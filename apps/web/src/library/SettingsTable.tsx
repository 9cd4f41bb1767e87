// The settings of two videos in a table. What differs has a sign, a heavier text and another ground, and can be shown alone.

import { Group, Switch, Table, Text, Title, VisuallyHidden } from '@mantine/core'
import { Diff } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { VideoObject } from '../api/types.ts'
import styles from './Comparison.module.css'
import { type Difference, differencesOf } from './differences.ts'

export function SettingsTable({ a, b }: { a: VideoObject; b: VideoObject }) {
  const { t, i18n } = useTranslation('library')
  const [isShort, setShort] = useState(false)
  const rows = differencesOf(a, b, i18n.language)
  const count = rows.filter(({ isDifferent }) => isDifferent).length
  return (
    <section>
      <Group justify="space-between" mb="sm">
        <Group align="baseline" gap="sm">
          <Title order={2} fz="lg">
            {t('compare.settings')}
          </Title>
          <Text c="dimmed" size="sm">
            {count === 0 ? t('compare.same') : t('compare.differences', { count })}
          </Text>
        </Group>
        {count > 0 && (
          <Switch label={t('compare.onlyDifferent')} checked={isShort} onChange={({ currentTarget }) => setShort(currentTarget.checked)} />
        )}
      </Group>
      <Table className={styles.table} verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('compare.setting')}</Table.Th>
            <Table.Th>{t('compare.first')}</Table.Th>
            <Table.Th>{t('compare.second')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows
            .filter(({ isDifferent }) => isDifferent || !isShort)
            .map((row) => (
              <Row key={row.name} row={row} />
            ))}
        </Table.Tbody>
      </Table>
    </section>
  )
}

function Row({ row: { name, values, isVerbatim, isDifferent } }: { row: Difference }) {
  const { t } = useTranslation(['library', 'result'])
  const label = name === 'prompt' ? t('compare.prompt') : name === 'seed' ? t('result:seed') : t(`result:facts.${name}`)
  return (
    <Table.Tr className={isDifferent ? styles.different : ''}>
      <Table.Th scope="row">
        <span className={styles.sign}>
          {label}
          {isDifferent && (
            <>
              <Diff size={14} aria-hidden />
              <VisuallyHidden>{t('compare.different')}</VisuallyHidden>
            </>
          )}
        </span>
      </Table.Th>
      {values.map((value, side) => (
        <Table.Td key={side === 0 ? 'a' : 'b'} fw={isDifferent ? 600 : 400} translate={isVerbatim && value !== '' ? 'no' : 'yes'}>
          {value || t('compare.none')}
        </Table.Td>
      ))}
    </Table.Tr>
  )
}
