// What to tell people of an error: a sentence of their language where there is one for its code, else the service's own.

import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/client.ts'

export function useErrorText(): (error: unknown) => string {
  const { t, i18n } = useTranslation('errors')
  return (error) => {
    const code = error instanceof ApiError ? error.code : ''
    if (code && i18n.exists(`errors:${code}`)) return t(code as 'unreachable')
    return t('other', { message: error instanceof Error ? error.message : String(error) })
  }
}
