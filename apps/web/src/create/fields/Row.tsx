// One option of the form: name and explanation beside its control, and below what is to be said of its value.

import { Input, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { idOf, useForm } from '../form-context.ts'
import styles from './Row.module.css'

export type OptionName =
  | 'seed'
  | 'num_frames'
  | 'fps'
  | 'num_inference_steps'
  | 'guidance_scale'
  | 'negative_prompt'
  | 'width'
  | 'scheduler'
  | 'model'
  | 'lora'
  | 'source'
  | 'strength'
  | 'overlap'

interface RowProps {
  readonly name: OptionName
  /** A further explanation. */
  readonly note?: ReactNode
  /** Something is wrong with the value, beside what the service refused. */
  readonly problem?: string | undefined
  /** The control stands below its name and has the whole width. */
  readonly wide?: boolean
  /** Several controls, each with a name of its own. */
  readonly group?: boolean
  readonly children: ReactNode
}

export function Row({ name, note, problem, wide = false, group = false, children }: RowProps) {
  const { t } = useTranslation('create')
  const error = useError(name, problem)
  return (
    <div className={styles.row}>
      <div className={wide ? styles.below : undefined}>
        <Input.Label {...(group ? { labelElement: 'div' } : { htmlFor: idOf(name) })} id={`${idOf(name)}-label`}>
          {t(`options.${name}.label`)}
        </Input.Label>
        <Text size="xs" c="dimmed" id={`${idOf(name)}-about`}>
          {t(`options.${name}.about`)}
        </Text>
      </div>
      <div className={wide ? styles.below : styles.control}>{children}</div>
      {note !== undefined && note !== false && (
        <div className={styles.below} id={`${idOf(name)}-note`}>
          {note}
        </div>
      )}
      {error !== undefined && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert" className={styles.below} id={`${idOf(name)}-error`}>
          {error}
        </Text>
      )}
    </div>
  )
}

/** What a control says of itself: its id, the texts that belong to it, and whether something is wrong with it. */
export function useControl(name: OptionName, problem?: string): { id: string; 'aria-describedby': string; error: boolean } {
  const error = useError(name, problem)
  const id = idOf(name)
  return { id, 'aria-describedby': `${id}-about ${id}-note${error === undefined ? '' : ` ${id}-error`}`, error: error !== undefined }
}

function useError(name: OptionName, problem: string | undefined): string | undefined {
  const { refusal } = useForm()
  return problem ?? (refusal?.param === name ? refusal.text : undefined)
}
