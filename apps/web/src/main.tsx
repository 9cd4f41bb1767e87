// Starts the application: language first, so that nothing is shown in another one, then the page.

import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './ui/global.css'

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/App.tsx'
import { startI18n } from './i18n/i18n.ts'

await startI18n()
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
