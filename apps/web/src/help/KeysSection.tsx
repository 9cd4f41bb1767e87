// The keyboard shortcuts, by page.

import { Kbd, Table, Text, Title } from '@mantine/core'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './KeysSection.module.css'
import { KEYS } from './keys.ts'
import { Section } from './Section.tsx'

export function KeysSection() {
  const { t } = useTranslation('help')
  return (
    <Section name="keys">
      <div className={styles.places}>
        <Place name="create" rows={KEYS.create} effect={(row) => t(`keys.create.${row}`)} />
        <Place name="player" rows={KEYS.player} effect={(row) => t(`keys.player.${row}`)} />
        <Place name="library" rows={KEYS.library} effect={(row) => t(`keys.library.${row}`)} />
        <Place name="queue" rows={KEYS.queue} effect={(row) => t(`keys.queue.${row}`)} />
      </div>
    </Section>
  )
}

interface PlaceProps<Row extends string> {
  readonly name: keyof typeof KEYS
  readonly rows: Readonly<Record<Row, readonly string[]>>
  readonly effect: (row: Row) => string
}

function Place<Row extends string>({ name, rows, effect }: PlaceProps<Row>) {
  const { t } = useTranslation('help')
  return (
    <div>
      <Title order={3} size="h5" mb={4} id={`keys-${name}`}>
        {t(`keys.${name}.title`)}
      </Title>
      <Table fz="sm" verticalSpacing={8} horizontalSpacing={0} aria-labelledby={`keys-${name}`}>
        <Table.Thead className={styles.hidden}>
          <Table.Tr>
            <Table.Th scope="col">{t('keys.key')}</Table.Th>
            <Table.Th scope="col">{t('keys.effect')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {(Object.keys(rows) as Row[]).map((row) => (
            <Table.Tr key={row}>
              <Table.Td className={styles.keys}>
                <Keys chords={rows[row]} />
              </Table.Td>
              <Table.Td>{effect(row)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}

function Keys({ chords }: { chords: readonly string[] }) {
  const { t } = useTranslation('help')
  return chords.map((chord, at) => (
    <Fragment key={chord}>
      {at > 0 && (
        <Text component="span" c="dimmed" fz="xs" mx={6}>
          {t('keys.or')}
        </Text>
      )}
      <span className={styles.chord} translate="no">
        {chord.split('+').map((key) => (
          <Kbd key={key}>{key === 'space' ? t('keys.space') : key}</Kbd>
        ))}
      </span>
    </Fragment>
  ))
}
