// A caution that stops nothing.

import { Group, Text } from '@mantine/core'
import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './Warning.module.css'

export function Warning({ children }: { children: ReactNode }) {
  return (
    <Group gap={8} wrap="nowrap" align="flex-start" className={styles.warning}>
      <TriangleAlert size={16} aria-hidden className={styles.icon} />
      <Text size="xs" component="div">
        {children}
      </Text>
    </Group>
  )
}
