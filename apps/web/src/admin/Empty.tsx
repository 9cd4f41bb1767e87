// What stands where there is nothing yet, with what can be done about it.

import { Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import styles from './Empty.module.css'

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Stack gap="md" p="xl" className={styles.empty}>
      <Text fw={600} ta="center">
        {title}
      </Text>
      {children}
    </Stack>
  )
}
