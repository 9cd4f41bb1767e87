// All users: found by name, made, changed, disabled, removed.

import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Plus, Search } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDialog } from '../ui/use-dialog.ts'
import { CreateUser } from './CreateUser.tsx'
import { Loaded } from './Loaded.tsx'
import { usersQuery } from './queries.ts'
import { UserCards } from './UserCards.tsx'
import { type UserAction, UserDialogs } from './UserDialogs.tsx'
import { UserTable } from './UserTable.tsx'
import { useEnableUser } from './use-enable-user.ts'
import { matchingUsers } from './users.ts'

const SHOWN = 100

export function UsersTab() {
  const { t } = useTranslation('admin')
  const query = useQuery(usersQuery)
  const isNarrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false })
  const [search, setSearch] = useState('')
  const [shown, setShown] = useState(SHOWN)
  const creating = useDialog<null>()
  const changing = useDialog<UserAction>()
  const enable = useEnableUser()
  const heading = useRef<HTMLHeadingElement>(null)
  const act = (action: UserAction) => (action.kind === 'enable' ? void enable(action.user) : changing.open(action))
  const Users = isNarrow ? UserCards : UserTable
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Title order={2} size="h3" ref={heading} tabIndex={-1}>
          {t('tab.users')}
        </Title>
        <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => creating.open(null)}>
          {t('users.create')}
        </Button>
      </Group>
      <TextInput
        type="search"
        aria-label={t('users.search')}
        placeholder={t('users.search')}
        leftSection={<Search size={16} aria-hidden />}
        maw={{ sm: 360 }}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <Loaded query={query}>
        {(users) => {
          const found = matchingUsers(users, search)
          return (
            <>
              <Text size="sm" c="dimmed" role="status">
                {t('users.found', { count: found.length })}
              </Text>
              {found.length > 0 && <Users users={found.slice(0, shown)} onAct={act} />}
              {found.length > shown && (
                <Button variant="default" onClick={() => setShown(shown + SHOWN)}>
                  {t('more')}
                </Button>
              )}
            </>
          )
        }}
      </Loaded>
      <CreateUser opened={creating.opened} onClose={creating.close} />
      <UserDialogs dialog={changing} onDeleted={() => heading.current?.focus()} />
    </Stack>
  )
}
