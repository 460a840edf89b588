import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import { render, screen } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RolloutScreen } from './RolloutScreen'

const edge = (id: string, more: object) => ({ id, version: '1', address: 'http://10.0.0.1', startedAt: '2026-01-01T00:00:00Z', seenAt: '2026-01-01T00:00:00Z', applied: 7, lag: 0, live: true, disputed: false, refused: [], ...more })

const answer = {
  epoch: 'e',
  revision: 7,
  edges: [edge('current', {}), edge('silent', { live: false }), edge('late', { lag: 2 }), edge('twice', { disputed: true }), edge('refusing', { refused: [{ revision: 7, scope: 'acme', reason: 'No key.' }] })],
}

const at = (path: string) => new URL(path, location.origin).href
const server = setupServer(
  http.get(at('/v1/edges'), () => HttpResponse.json(answer)),
  http.get(at('/v1/live'), () => new HttpResponse(null, { status: 503 })),
)
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterAll(() => server.close())

test('each edge is shown as it stands, those that fell silent too', async () => {
  const router = createRouter({ routeTree: createRootRoute({ component: RolloutScreen }), history: createMemoryHistory() })
  render(
    <MantineProvider>
      <QueryClientProvider client={new QueryClient()}>
        <RouterProvider router={router as never} />
      </QueryClientProvider>
    </MantineProvider>,
  )
  expect(await screen.findByText(/in force on 3 of 4 edges that report/)).toBeDefined()
  expect(await screen.findByText('refusing refused revision 7 of acme')).toBeDefined()
  expect(screen.getByText('Revisions of acme, to roll back').getAttribute('href')).toBe('/t/acme/revisions')
  expect(await screen.findByText(/not live: The live view is refused \(503\)/)).toBeDefined()
})
