// A number that may be left to the model: empty shows what the model would take. Bounds and steps are the service's.

import { NumberInput, type NumberInputProps } from '@mantine/core'
import { useState } from 'react'

type NumberControlProps = Omit<NumberInputProps, 'value' | 'onChange' | 'min' | 'max'> & {
  readonly value: number | undefined
  readonly onChange: (value: number | undefined) => void
  readonly bounds?: { readonly least: number; readonly most: number; readonly step: number | null } | undefined
  /** Of the arrows, where any number may be had. */
  readonly arrowStep?: number
  readonly usual?: number | undefined
}

export function NumberControl({ value, onChange, bounds, arrowStep = 1, usual, ...rest }: NumberControlProps) {
  // What is being typed is not always a number: "-", "0.".
  const [typed, setTyped] = useState<string | number>('')
  const shown = numberOf(typed) === value ? typed : (value ?? '')
  return (
    <NumberInput
      {...(bounds && { min: bounds.least, max: bounds.most })}
      step={bounds?.step ?? arrowStep}
      allowDecimal={bounds?.step === null}
      allowNegative={(bounds?.least ?? 0) < 0}
      startValue={usual ?? bounds?.least ?? 0}
      placeholder={usual === undefined ? '' : String(usual)}
      {...rest}
      value={shown}
      onChange={(next) => {
        setTyped(next)
        onChange(numberOf(next))
      }}
    />
  )
}

function numberOf(typed: string | number): number | undefined {
  if (typeof typed === 'number') return typed
  const value = Number(typed)
  return typed.trim() === '' || !Number.isFinite(value) ? undefined : value
}
