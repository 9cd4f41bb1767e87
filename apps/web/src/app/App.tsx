// What surrounds every page: theme, queries, notifications, routes.

import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { ApiError } from '../api/client.ts'
import { theme } from '../ui/theme.ts'
import { Routes } from './Routes.tsx'

const client = new QueryClient({
  defaultOptions: {
    // Whether the browser has a network says nothing of a service on this machine, and what cannot be reached is an error to show.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      // What the service refused once it will refuse again; what did not reach it may.
      retry: (failures, error) => failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
      staleTime: 5000,
    },
  },
})

// What keeps the page still behind a dialog (react-remove-scroll, in Mantine's Modal) makes a style element of its own, and finds
// the nonce for it under this name only.
Object.assign(globalThis, { __webpack_nonce__: nonce() })

export function App() {
  return (
    <QueryClientProvider client={client}>
      <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={nonce}>
        <Notifications position="bottom-center" limit={4} />
        <Routes />
      </MantineProvider>
    </QueryClientProvider>
  )
}

/** The page's own, without which the content security policy lets no style element be. */
function nonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''
}
