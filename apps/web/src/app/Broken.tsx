// What stands in the place of a page that broke: a fault of ours, or a chunk of an older version that is not there any more.
// A class, since React tells only these of errors. Another address is another try.

import { Button, Stack, Text, Title } from '@mantine/core'
import { Component, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'

export function Broken({ children }: { children: ReactNode }) {
  const [location] = useLocation()
  return <Boundary key={location}>{children}</Boundary>
}

class Boundary extends Component<{ children: ReactNode }, { error?: Error }> {
  override state: { error?: Error } = {}

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error }
  }

  override render(): ReactNode {
    const { error } = this.state
    return error ? <Failed error={error} /> : this.props.children
  }
}

function Failed({ error }: { error: Error }) {
  const { t } = useTranslation()
  return (
    <Stack align="center" p="xl" gap="sm" role="alert">
      <Title order={1}>{t('failed.title')}</Title>
      <Text translate="no">{error.message}</Text>
      <Button onClick={() => location.reload()}>{t('failed.reload')}</Button>
    </Stack>
  )
}
