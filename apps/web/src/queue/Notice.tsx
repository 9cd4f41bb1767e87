// A framed notice whose title is as readable as its text: Mantine gives titles a colour of too little contrast.

import { Alert, type AlertProps } from '@mantine/core'

export function Notice(props: AlertProps) {
  return <Alert radius="lg" styles={{ title: { color: 'var(--mantine-color-text)' } }} {...props} />
}
