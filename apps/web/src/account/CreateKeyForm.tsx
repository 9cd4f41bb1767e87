// What a new key is called, what it may do, and until when.

import { Checkbox, NativeSelect, Stack, TextInput } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAccount } from '../api/session.ts'
import { useErrorText } from '../i18n/use-error-text.ts'
import { isUserName } from '../ui/credentials.ts'
import { FormButtons } from '../ui/FormButtons.tsx'
import { nowInSeconds } from '../ui/relative-time.ts'
import { useAction } from '../ui/use-action.ts'
import { expiryIn, LIFETIMES, type NewKey, SCOPE_TEXTS, type Scope, scopesOf } from './keys.ts'

const USUAL_SCOPES: readonly Scope[] = ['videos:read', 'videos:write']
const USUAL_LIFETIME = 90

interface CreateKeyFormProps {
  readonly onCreate: (wish: NewKey) => Promise<void>
  readonly onCancel: () => void
}

export function CreateKeyForm({ onCreate, onCancel }: CreateKeyFormProps) {
  const { t } = useTranslation('account')
  const errorText = useErrorText()
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<readonly Scope[]>(USUAL_SCOPES)
  const [days, setDays] = useState<number | null>(USUAL_LIFETIME)
  const [problem, setProblem] = useState<'name' | 'scopes'>()
  const { run, pending, error } = useAction(() => onCreate({ name, scopes, expires_at: expiryIn(days, nowInSeconds()) }))

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const found = !isUserName(name) ? 'name' : scopes.length === 0 ? 'scopes' : undefined
    setProblem(found)
    if (!found) void run()
  }

  return (
    <form noValidate onSubmit={submit}>
      <Stack gap="lg">
        <TextInput
          data-autofocus
          label={t('newKey.name')}
          description={t('newKey.nameText')}
          autoComplete="off"
          maxLength={64}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={problem === 'name' && t('nameInvalid')}
        />
        <ScopeFields value={scopes} onChange={setScopes} isLacking={problem === 'scopes'} />
        <NativeSelect
          label={t('newKey.lifetime')}
          value={String(days)}
          onChange={({ currentTarget: { value } }) => setDays(value === 'null' ? null : Number(value))}
          data={LIFETIMES.map((each) => ({
            value: String(each),
            label: each === null ? t('newKey.never') : t('newKey.days', { count: each }),
          }))}
        />
        <FormButtons
          submit={t('newKey.submit')}
          pending={pending}
          error={error === undefined ? undefined : errorText(error)}
          onCancel={onCancel}
        />
      </Stack>
    </form>
  )
}

interface ScopeFieldsProps {
  readonly value: readonly Scope[]
  readonly onChange: (value: readonly Scope[]) => void
  readonly isLacking: boolean
}

function ScopeFields({ value, onChange, isLacking }: ScopeFieldsProps) {
  const { t } = useTranslation('account')
  const offered = scopesOf(useAccount())
  return (
    <Checkbox.Group
      label={t('newKey.scopes')}
      value={[...value]}
      onChange={(chosen) => onChange(offered.filter((scope) => chosen.includes(scope)))}
      error={isLacking && t('newKey.noScope')}
    >
      <Stack gap="sm" mt="xs">
        {offered.map((scope) => (
          <Checkbox
            key={scope}
            value={scope}
            label={t(`scope.${SCOPE_TEXTS[scope]}`)}
            description={t(`scope.${SCOPE_TEXTS[scope]}_text`)}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  )
}
