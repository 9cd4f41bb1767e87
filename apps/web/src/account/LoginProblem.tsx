// Why the log-in did not work, said aloud once. The seconds that one has to wait are counted down to the eye only.

import { Alert } from '@mantine/core'
import { TriangleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/client.ts'
import { useErrorText } from '../i18n/use-error-text.ts'
import { formatSeconds } from '../ui/format.ts'

export function LoginProblem({ error }: { error: unknown }) {
  const { t } = useTranslation('account')
  const errorText = useErrorText()
  const code = error instanceof ApiError ? error.code : undefined
  const wait = error instanceof ApiError && error.status === 429 ? error.retryAfter : undefined
  return (
    <div role="alert">
      {error !== undefined && (
        <Alert color="red" icon={<TriangleAlert size={18} aria-hidden />}>
          {wait !== undefined ? <Wait seconds={wait} /> : code === 'unreachable' ? t('login.unreachable') : errorText(error)}
        </Alert>
      )}
    </div>
  )
}

function Wait({ seconds }: { seconds: number }) {
  const { t, i18n } = useTranslation('account')
  const [left, setLeft] = useState(Math.ceil(seconds))
  const isOver = left <= 0
  useEffect(() => {
    if (isOver) return undefined
    const timer = setInterval(() => setLeft((value) => value - 1), 1000)
    return () => clearInterval(timer)
  }, [isOver])
  if (isOver) return t('login.again')
  return (
    <>
      {t('login.tooMany', { time: formatSeconds(Math.ceil(seconds), i18n.language) })}
      <span aria-hidden> {t('login.left', { count: left })}</span>
    </>
  )
}
