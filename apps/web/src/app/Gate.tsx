// Lets in who is logged in; shows the log-in to everyone else, at the address that they asked for.

import { useQuery } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useEffect } from 'react'
import { onAnswer } from '../api/client.ts'
import { sessionQuery } from '../api/session.ts'
import { loadMore } from '../i18n/i18n.ts'
import { keepFor } from '../ui/kept.ts'
import { Loading } from '../ui/Loading.tsx'
import { Connection } from '../watch/Connection.tsx'

const LoginPage = lazy(async () => {
  const [{ LoginPage: Page }] = await Promise.all([import('../account/LoginPage.tsx'), loadMore()])
  return { default: Page }
})

export function Gate({ children }: { children: ReactNode }) {
  const { data: session, refetch } = useQuery(sessionQuery)
  const userId = session?.user?.id
  useEffect(() => onAnswer((error) => void (error?.status === 401 && error.code !== 'wrong_login' && refetch())), [refetch])
  useEffect(() => {
    if (userId !== undefined) keepFor(userId)
  }, [userId])
  if (userId !== undefined) return children
  // Whether anybody is logged in is not known while the service cannot be reached.
  if (!session)
    return (
      <>
        <Connection />
        <Loading />
      </>
    )
  return (
    <Suspense fallback={<Loading />}>
      <LoginPage setupRequired={session.setup_required} />
    </Suspense>
  )
}
