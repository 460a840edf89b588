import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Problem } from './api/client'
import { router } from './app/router'
import './app/styles'
import { resolver, theme } from './app/theme'
import { SessionProvider } from './session/session'

const queries = new QueryClient({
  defaultOptions: { queries: { retry: (count, error) => count < 2 && (!(error instanceof Problem) || error.status === 0 || error.status >= 500), staleTime: 5000 } },
})

const root = document.getElementById('root')
if (!root) throw new Error('There is no root element.')
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={resolver} defaultColorScheme="dark">
      <Notifications position="bottom-right" />
      <QueryClientProvider client={queries}>
        <SessionProvider>
          <RouterProvider router={router} />
        </SessionProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
