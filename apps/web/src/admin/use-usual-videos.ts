// Work (frames x pixels x steps) as the number of videos with the usual settings that it is good for.

import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { capabilitiesQuery } from '../api/models.ts'
import { workOf } from '../settings/estimate.ts'
import { NOTHING } from '../settings/settings.ts'
import { formatNumber } from '../ui/format.ts'

/** `…` until the service has said what is usual. */
export function useUsualVideos(): (work: number) => string {
  const { i18n } = useTranslation()
  const { data } = useQuery(capabilitiesQuery)
  const one = data && workOf(NOTHING, data)
  return (work) => (one === undefined || one <= 0 ? '…' : formatNumber(work / one, i18n.language, work / one < 10 ? 1 : 0))
}
