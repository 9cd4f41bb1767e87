// What the video shows, in words; beneath it how much of that the model reads.

import { Input, Text, Textarea } from '@mantine/core'
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { idOf } from './form-context.ts'
import { asksForVideo } from './keys.ts'
import styles from './PromptField.module.css'
import { type CheckedPrompt, usePromptCheck } from './use-prompt-check.ts'
import { Warning } from './Warning.tsx'

/** A keyboard on the screen would hide half of a phone's page. */
const WIDE = '(min-width: 62em) and (hover: hover)'
const MOST_ROWS = 14

interface PromptFieldProps {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly onEnter: () => void
  readonly error: string | undefined
  readonly focusRef: Ref<{ focus: () => void }>
}

export function PromptField({ value, onChange, onEnter, error, focusRef }: PromptFieldProps) {
  const { t } = useTranslation('create')
  const check = usePromptCheck(value)
  const field = useFocusOnArrival(focusRef)
  const id = idOf('prompt')
  return (
    <div>
      <Input.Label htmlFor={id} mb={4}>
        {t('prompt.label')}
      </Input.Label>
      <Textarea
        ref={field}
        id={id}
        autosize
        translate="no"
        minRows={4}
        maxRows={MOST_ROWS}
        classNames={{ input: styles.input }}
        placeholder={t('prompt.placeholder')}
        value={value}
        error={error}
        aria-describedby={`${id}-keys ${id}-count ${id}-reading`}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (!asksForVideo(event.nativeEvent)) return
          event.preventDefault()
          if (!event.repeat) onEnter()
        }}
      />
      <div className={styles.below}>
        <Text size="xs" c="dimmed" id={`${id}-keys`} className={styles.keys}>
          {t('prompt.keys')}
        </Text>
        {check && <Count check={check} />}
      </div>
      <div id={`${id}-reading`} role="status">
        {check && <Reading check={check} />}
      </div>
    </div>
  )
}

function Count({ check: { tokens, most_tokens } }: { check: CheckedPrompt }) {
  const { t } = useTranslation('create')
  const isOver = tokens > most_tokens
  return (
    <Text
      size="xs"
      c={isOver ? 'var(--mantine-color-text)' : 'dimmed'}
      fw={isOver ? 600 : 400}
      className={styles.count}
      id={`${idOf('prompt')}-count`}
    >
      {t('prompt.tokens', { tokens, most: most_tokens })}
    </Text>
  )
}

/** Silent for a prompt that the model reads to its end and in its language. */
function Reading({ check: { prompt, cut_at, english } }: { check: CheckedPrompt }) {
  const { t } = useTranslation('create')
  return (
    <>
      {!english && <Warning>{t('prompt.notEnglish')}</Warning>}
      {cut_at !== null && (
        <Warning>
          {t('prompt.cut')}{' '}
          <span className={styles.unread} translate="no">
            {prompt.slice(cut_at).trim()}
          </span>
        </Warning>
      )}
    </>
  )
}

/** The caret stands behind what is there. */
function useFocusOnArrival(ref: PromptFieldProps['focusRef']) {
  const field = useRef<HTMLTextAreaElement>(null)
  const focus = () => {
    const area = field.current
    area?.focus({ preventScroll: true })
    area?.setSelectionRange(area.value.length, area.value.length)
  }
  useImperativeHandle(ref, () => ({ focus }), [])
  useEffect(() => {
    if (matchMedia(WIDE).matches) focus()
  }, [])
  return field
}
