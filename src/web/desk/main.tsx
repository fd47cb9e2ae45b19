import '../ui/mantine.css'
import './desk.css'
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { startLanguage } from '../ui/i18n.ts'
import { theme } from '../ui/theme.ts'
import { queryClient } from './query-client.ts'
import { router } from './router.tsx'
import { keepDesk } from './update.ts'

await startLanguage()

const root = document.getElementById('root')
if (!root) throw new Error('no #root in the page')
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)

// The desk first; what makes it stay comes when the browser has nothing better to do.
setTimeout(() => void keepDesk(), 3_000)
