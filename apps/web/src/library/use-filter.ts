// Which videos are wanted, as the page's address says it: it can be kept, shared, and gone back to.

import { useCallback, useMemo } from 'react'
import { useSearchParams } from 'wouter'
import type { VideoFilter } from '../api/videos.ts'

export type LibraryFilter = Pick<VideoFilter, 'search' | 'model' | 'starred'>

/** As long as the service takes. */
export const MOST_SEARCH = 200

/** What is empty, false or undefined is not asked for any more. */
export type FilterChanges = { readonly [Name in keyof LibraryFilter]: LibraryFilter[Name] | undefined }

export function useFilter(): [LibraryFilter, (changes: FilterChanges) => void] {
  const [params, setParams] = useSearchParams()
  const [search, model, starred] = [params.get('search')?.slice(0, MOST_SEARCH), params.get('model'), params.get('starred') === 'true']
  const filter = useMemo(
    () => ({ ...(search && { search }), ...(model && { model }), ...(starred && { starred }) }),
    [search, model, starred],
  )
  const change = useCallback(
    (changes: FilterChanges) =>
      setParams(
        (before) => {
          const after = new URLSearchParams(before)
          for (const [name, value] of Object.entries(changes))
            if (value === undefined || value === '' || value === false) after.delete(name)
            else after.set(name, String(value))
          return after
        },
        { replace: true },
      ),
    [setParams],
  )
  return [filter, change]
}

export function isFiltered(filter: LibraryFilter): boolean {
  return Object.keys(filter).length > 0
}
