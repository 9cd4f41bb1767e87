// An option that is a number.

import type { ReactNode } from 'react'
import { defaultOf, fieldOf, type NumberName, takes } from '../../settings/limits.ts'
import { changeSettings, useForm } from '../form-context.ts'
import { NumberControl } from './NumberControl.tsx'
import { type OptionName, Row, useControl } from './Row.tsx'

interface NumberRowProps {
  readonly name: NumberName & OptionName
  readonly arrowStep?: number
  readonly note?: ReactNode
}

/** Nothing for a task that does not take it. */
export function NumberRow({ name, arrowStep = 1, note }: NumberRowProps) {
  const { capabilities, settings } = useForm()
  const control = useControl(name)
  if (!takes(capabilities, settings, name)) return null
  return (
    <Row name={name} note={note}>
      <NumberControl
        {...control}
        value={settings[name]}
        onChange={(value) => changeSettings({ [name]: value })}
        bounds={fieldOf(capabilities, settings.model, name)}
        arrowStep={arrowStep}
        usual={defaultOf(capabilities, settings, name)}
      />
    </Row>
  )
}
