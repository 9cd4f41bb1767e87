// The own password changed: the current one, and a new one twice. Other sessions end by it, this one stays.

import { Alert, Button, Group, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { TriangleAlert } from 'lucide-react'
import { type SubmitEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, ask } from '../api/client.ts'
import { useAccount } from '../api/session.ts'
import { useErrorText } from '../i18n/use-error-text.ts'
import { formatSeconds } from '../ui/format.ts'
import { Panel } from '../ui/Panel.tsx'
import { useAction } from '../ui/use-action.ts'
import { NewPasswordFields, type NewPasswordProblem } from './NewPasswordFields.tsx'
import { NO_PASSWORD, problemOfPassword } from './new-password.ts'
import { PasswordField } from './PasswordField.tsx'

export function ChangePassword() {
  const { t } = useTranslation('account')
  const { name } = useAccount()
  const currentField = useRef<HTMLInputElement>(null)
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState(NO_PASSWORD)
  const [problem, setProblem] = useState<'current' | NewPasswordProblem>()
  const { run, pending, error } = useAction(() =>
    ask('/v1/account/password', { method: 'PUT', body: { current_password: current, new_password: next.first } }),
  )

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const found = current === '' ? 'current' : problemOfPassword(next)
    setProblem(found)
    if (found) return
    if (!(await run())) return currentField.current?.focus()
    setCurrent('')
    setNext(NO_PASSWORD)
    notifications.show({ message: t('change.done') })
  }

  return (
    <Panel title={t('change.title')} text={t('change.text')}>
      <form noValidate onSubmit={(event) => void submit(event)}>
        <Stack gap="md">
          {/* Tells password managers whose password it is. */}
          <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
          <PasswordField
            ref={currentField}
            name="current-password"
            label={t('currentPassword')}
            autoComplete="current-password"
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
            error={problem === 'current' && t('currentMissing')}
          />
          <NewPasswordFields value={next} onChange={setNext} userName={name} problem={problem === 'current' ? undefined : problem} />
          <div role="alert">{error !== undefined && <Refused error={error} />}</div>
          <Group>
            <Button type="submit" loading={pending}>
              {t('change.submit')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  )
}

function Refused({ error }: { error: unknown }) {
  const { t, i18n } = useTranslation('account')
  const errorText = useErrorText()
  const { code, retryAfter } = error instanceof ApiError ? error : {}
  const text =
    code === 'wrong_login'
      ? t('currentWrong')
      : retryAfter !== undefined
        ? t('login.tooMany', { time: formatSeconds(retryAfter, i18n.language) })
        : errorText(error)
  return (
    <Alert color="red" icon={<TriangleAlert size={18} aria-hidden />}>
      {text}
    </Alert>
  )
}
