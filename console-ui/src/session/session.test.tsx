import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { api, credentials, data, Problem } from '../api/client'
import { LoginForm } from './LoginForm'
import { SessionProvider, useMay, useSession } from './session'

const server = setupServer()
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterAll(() => server.close())
afterEach(() => {
  server.resetHandlers()
  sessionStorage.clear()
  credentials.bearer = credentials.csrf = undefined
})

const at = (path: string) => new URL(path, location.origin).href
const nobody = http.get(at('/v1/session'), () => HttpResponse.json({ title: 'No' }, { status: 401 }))

function Who() {
  const { session, hasExpired } = useSession()
  const may = useMay()
  return (
    <p>
      {session ? `${session.name} ${may('editor') ? 'writes' : 'reads'}` : 'nobody'}
      {hasExpired && ' expired'}
    </p>
  )
}

function show() {
  render(
    <MantineProvider>
      <QueryClientProvider client={new QueryClient()}>
        <SessionProvider>
          <Who />
          <LoginForm />
        </SessionProvider>
      </QueryClientProvider>
    </MantineProvider>,
  )
}

test('a user logs in, and every change shows the token against foreign sites', async () => {
  let shown: string | null = null
  server.use(
    nobody,
    http.post(at('/v1/login'), async ({ request }) => HttpResponse.json({ name: ((await request.json()) as { name: string }).name, tenant: 'acme', role: 'viewer', isUser: true, csrfToken: 'c1' })),
    http.post(at('/v1/tenants'), ({ request }) => {
      shown = request.headers.get('X-CSRF-Token')
      return HttpResponse.json({ revision: 1, changes: [] })
    }),
  )
  show()
  await screen.findByText('nobody')
  await userEvent.type(screen.getByLabelText(/^Name/), 'vera')
  await userEvent.type(screen.getByLabelText(/^Password/), 'secret')
  await userEvent.click(screen.getByRole('button', { name: 'Log in' }))
  await screen.findByText('vera reads')
  await data(api.POST('/v1/tenants', { body: { slug: 'x' } as never }))
  expect(shown).toBe('c1')
})

test('a token that is refused is forgotten, and what was wrong is said', async () => {
  server.use(http.get(at('/v1/session'), () => HttpResponse.json({ title: 'No', detail: 'The token is not valid here.' }, { status: 401 })))
  show()
  await userEvent.click(screen.getByText('Token'))
  await userEvent.type(screen.getByLabelText(/^Token/, { selector: 'input[type=password]' }), 'drzadm_x')
  await userEvent.click(screen.getByRole('button', { name: 'Log in' }))
  await screen.findByText('The token is not valid here.')
  expect(credentials.bearer).toBeUndefined()
  expect(sessionStorage.length).toBe(0)
})

test('a session that ends is said to have, and what is on the screen stays', async () => {
  server.use(
    http.get(at('/v1/session'), () => HttpResponse.json({ name: 'ed', tenant: 'acme', role: 'editor', isUser: true, csrfToken: 'c' })),
    http.get(at('/v1/edges'), () => HttpResponse.json({ title: 'No' }, { status: 401 })),
  )
  show()
  await screen.findByText('ed writes')
  await expect(data(api.GET('/v1/edges'))).rejects.toBeInstanceOf(Problem)
  await screen.findByText('ed writes expired')
})

test('no answer at all is a problem too, and says that nothing is lost', async () => {
  server.use(http.get(at('/v1/edges'), () => HttpResponse.error()))
  await expect(data(api.GET('/v1/edges'))).rejects.toMatchObject({ status: 0, message: expect.stringContaining('What you typed is kept') as string })
})
