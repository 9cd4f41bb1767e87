// A table that may be wider than the page: it scrolls in a region of its own, which the keyboard reaches.

import { Box, Table } from '@mantine/core'
import type { ReactNode } from 'react'
import styles from './WideTable.module.css'

interface WideTableProps {
  /** What the table is, for those who do not see it. */
  readonly name: string
  readonly columns: readonly string[]
  readonly children: ReactNode
}

export function WideTable({ name, columns, children }: WideTableProps) {
  return (
    <Box component="section" aria-label={name} tabIndex={0} className={styles.region}>
      <Table verticalSpacing="sm" horizontalSpacing="md" highlightOnHover className={styles.table}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column}>{column}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </Box>
  )
}
