// Entries of the log as sentences: who did what to whom, when and from where, with the details below.

import { Badge, Group, List, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { AuditEntry } from '../api/types.ts'
import { formatTime } from '../ui/format.ts'
import { AuditIcon } from './AuditIcon.tsx'
import styles from './AuditList.module.css'
import { type Detail, detailsOf, isAction, targetOf } from './audit.ts'
import { usersQuery } from './queries.ts'

export function AuditList({ entries }: { entries: readonly AuditEntry[] }) {
  const { data: users = [] } = useQuery(usersQuery)
  const names = new Map(users.map(({ id, name }) => [id, name]))
  return (
    <List listStyleType="none" className={styles.list}>
      {entries.map((entry) => (
        <List.Item key={entry.id} className={styles.entry}>
          <Entry entry={entry} nameOf={(id) => names.get(id) ?? id} />
        </List.Item>
      ))}
    </List>
  )
}

/** Who is not among the users any more is shown by the id. */
function Entry({ entry, nameOf }: { entry: AuditEntry; nameOf: (id: string) => string }) {
  const { t, i18n } = useTranslation('admin')
  const { user, action, at, address } = entry
  const target = targetOf(entry)
  const details = detailsOf(entry)
  return (
    <div className={styles.row}>
      <AuditIcon action={action} />
      <Stack gap={4} miw={0}>
        <Text size="sm" component="div" className={styles.sentence}>
          {user === null ? <span>{t('audit.nobody')}</span> : <b translate="no">{nameOf(user)}</b>}
          <Sentence action={action} hasTarget={target !== undefined} />
          {target !== undefined && <b translate="no">{nameOf(target)}</b>}
        </Text>
        {details.length > 0 && (
          <Group gap={6}>
            {details.map((detail) => (
              <DetailBadge key={JSON.stringify(detail)} detail={detail} nameOf={nameOf} />
            ))}
          </Group>
        )}
      </Stack>
      <div className={styles.when}>
        <Text size="sm" component="time" dateTime={new Date(at * 1000).toISOString()}>
          {formatTime(at, i18n.language)}
        </Text>
        <Text size="sm" c="dimmed" translate="no">
          {address}
        </Text>
      </div>
    </div>
  )
}

function Sentence({ action, hasTarget }: { action: string; hasTarget: boolean }) {
  const { t } = useTranslation('admin')
  if (!isAction(action)) return <code translate="no">{action}</code>
  return <span>{t(`audit.sentence.${action === 'login_failed' && hasTarget ? 'login_failed_as' : action}`)}</span>
}

interface DetailBadgeProps {
  readonly detail: Detail
  readonly nameOf: (id: string) => string
}

function DetailBadge({ detail, nameOf }: DetailBadgeProps) {
  const { t } = useTranslation('admin')
  const isData = detail.kind === 'user' || detail.kind === 'other'
  return (
    <Badge variant="default" tt="none" fw={500} className={styles.detail} {...(isData && { translate: 'no' })}>
      {detail.kind === 'role'
        ? t(`role.${detail.role}`)
        : detail.kind === 'user'
          ? nameOf(detail.id)
          : detail.kind === 'other'
            ? `${detail.name}: ${detail.value}`
            : t(`audit.detail.${detail.kind}`)}
    </Badge>
  )
}
