// What narrows the library: words, model, star. The address says the same (use-filter.ts).

import { Button, CloseButton, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Search, Star } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { modelsQuery } from '../api/models.ts'
import styles from './LibraryPage.module.css'
import { type FilterChanges, type LibraryFilter, MOST_SEARCH } from './use-filter.ts'

interface ToolbarProps {
  readonly filter: LibraryFilter
  readonly onChange: (changes: FilterChanges) => void
}

export function Toolbar({ filter, onChange }: ToolbarProps) {
  const { t } = useTranslation('library')
  const { data: models = [] } = useQuery(modelsQuery)
  const names = [...new Set([...models.map(({ id }) => id), ...(filter.model === undefined ? [] : [filter.model])])]
  return (
    <div className={styles.tools}>
      <SearchField search={filter.search ?? ''} onChange={(search) => onChange({ search })} />
      <Select
        aria-label={t('model')}
        placeholder={t('allModels')}
        data={names}
        value={filter.model ?? null}
        onChange={(model) => onChange({ model: model ?? undefined })}
        clearable
        translate={filter.model === undefined ? 'yes' : 'no'}
        className={styles.model}
      />
      <Button
        variant={filter.starred ? 'light' : 'default'}
        aria-pressed={filter.starred === true}
        leftSection={<Star size={16} aria-hidden fill={filter.starred ? 'currentColor' : 'none'} />}
        onClick={() => onChange({ starred: !filter.starred })}
      >
        {t('starredOnly')}
      </Button>
    </div>
  )
}

const WAIT_MS = 250

/** What is typed shows at once, and is looked for when the typing rests. */
function SearchField({ search, onChange }: { search: string; onChange: (search: string) => void }) {
  const { t } = useTranslation('library')
  const [text, setText] = useState(search)
  // The address may change by itself: back, or the filters are cleared.
  const [known, setKnown] = useState(search)
  if (search !== known) {
    setKnown(search)
    if (search !== text.trim()) setText(search)
  }
  const look = useDebouncedCallback(onChange, WAIT_MS)
  const type = (value: string) => {
    setText(value)
    look(value.trim())
  }
  return (
    <TextInput
      type="search"
      aria-label={t('search')}
      placeholder={t('searchHint')}
      maxLength={MOST_SEARCH}
      value={text}
      onChange={({ currentTarget }) => type(currentTarget.value)}
      leftSection={<Search size={16} aria-hidden />}
      rightSection={text && <CloseButton size="sm" aria-label={t('clearSearch')} onClick={() => type('')} />}
      className={styles.search}
    />
  )
}
