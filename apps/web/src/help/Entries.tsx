// Things and what is to be said of each, name beside text where there is room.

import { Text } from '@mantine/core'
import styles from './Entries.module.css'
import { Marked } from './Marked.tsx'

export interface Entry {
  readonly name: string
  readonly text: string
  /** Said more quietly below. */
  readonly note?: string
}

export function Entries({ entries }: { entries: readonly Entry[] }) {
  return (
    <dl className={styles.entries}>
      {entries.map(({ name, text, note }) => (
        <div key={name} className={styles.entry}>
          <dt className={styles.name}>{name}</dt>
          <dd className={styles.text}>
            <Marked text={text} />
            {note !== undefined && (
              <Text c="dimmed" fz="sm" mt={2}>
                <Marked text={note} />
              </Text>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
