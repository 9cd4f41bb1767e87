// The stage without a video: what it is for, or why there is none.

import { Stack, Text, ThemeIcon } from '@mantine/core'
import type { LucideIcon } from 'lucide-react'
import styles from './Stage.module.css'

export function StageMessage({ icon: Icon, title, text }: { icon: LucideIcon; title: string; text: string }) {
  return (
    <Stack align="center" justify="center" gap="xs" p="lg" className={styles.empty}>
      <ThemeIcon variant="light" size={56} radius="xl" mb={4}>
        <Icon size={26} strokeWidth={1.6} aria-hidden />
      </ThemeIcon>
      <Text fw={600} ta="center">
        {title}
      </Text>
      <Text size="sm" c="dimmed" ta="center" maw={380}>
        {text}
      </Text>
    </Stack>
  )
}
