// A phase's name in the user's language; one that a later service has, as it is.

import { useTranslation } from 'react-i18next'
import { phaseKey } from './texts.ts'

export function usePhaseText(): (phase: string) => string {
  const { t } = useTranslation('watch')
  return (phase) => {
    const key = phaseKey(phase)
    return key ? t(`phase.${key}`) : phase
  }
}
