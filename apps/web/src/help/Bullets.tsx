// Short sentences below each other.

import { List } from '@mantine/core'

export function Bullets({ texts }: { texts: readonly string[] }) {
  return (
    <List spacing={6} withPadding={false} fz="md" styles={{ root: { lineHeight: 'inherit' } }}>
      {texts.map((text) => (
        <List.Item key={text}>{text}</List.Item>
      ))}
    </List>
  )
}
