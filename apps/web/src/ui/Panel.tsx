// A part of a page with a heading of its own, in a frame.

import { Group, Paper, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, type Ref, useId } from 'react'

interface PanelProps {
  readonly title: string
  readonly text?: string
  /** Beside the heading. */
  readonly action?: ReactNode
  readonly children: ReactNode
  /** Takes the focus when what had it is gone. */
  readonly headingRef?: Ref<HTMLHeadingElement>
}

export function Panel({ title, text, action, children, headingRef }: PanelProps) {
  const id = useId()
  return (
    <Paper component="section" aria-labelledby={id} withBorder radius="lg" p={{ base: 'md', sm: 'lg' }}>
      <Stack gap="md">
        <Group justify="space-between" align="flex-start" gap="sm">
          <Stack gap={4} flex={1} miw={200}>
            <Title order={2} size="h4" id={id} ref={headingRef} tabIndex={-1}>
              {title}
            </Title>
            {text !== undefined && (
              <Text size="sm" c="dimmed">
                {text}
              </Text>
            )}
          </Stack>
          {action}
        </Group>
        {children}
      </Stack>
    </Paper>
  )
}
