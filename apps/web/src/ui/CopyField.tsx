// Text to be taken elsewhere, with a button that copies it: a key, an address, a command. Where the browser does not let it be
// copied, it is selected, so that a key press copies it.

import { Box, Button, Group, Text, VisuallyHidden } from '@mantine/core'
import { Check, Copy } from 'lucide-react'
import { useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './CopyField.module.css'
import { useCopied } from './use-copied.ts'

interface CopyFieldProps {
  /** What it is; stands above it. */
  readonly label: string
  readonly text: string
  /** Of long text that has lines of its own. */
  readonly lines?: boolean
}

export function CopyField({ label, text, lines = false }: CopyFieldProps) {
  const { t } = useTranslation()
  const id = useId()
  const shown = useRef<HTMLElement>(null)
  const { copied, copy } = useCopied()
  const press = () => copy(text).catch(() => shown.current && getSelection()?.selectAllChildren(shown.current))
  return (
    <Box>
      <Group justify="space-between" wrap="nowrap" mb={4}>
        <Text id={id} size="sm" fw={500}>
          {label}
        </Text>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => void press()}
          aria-describedby={id}
          leftSection={copied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
        >
          {t(copied ? 'copied' : 'copy')}
        </Button>
      </Group>
      <Box component="section" aria-labelledby={id} tabIndex={0} className={styles.text} data-lines={lines || undefined}>
        <code ref={shown} translate="no">
          {text}
        </code>
      </Box>
      <VisuallyHidden role="status">{copied && t('copied')}</VisuallyHidden>
    </Box>
  )
}
