import { ActionIcon, AppShell, Box, Burger, Button, Group, Kbd, NavLink, ScrollArea, Text, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { lazy, Suspense } from 'react'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { LoginForm } from '../session/LoginForm'
import { LoginScreen } from '../session/LoginScreen'
import { useSession } from '../session/session'
import { Palette } from './Palette'
import { placesOf, platformPlaces, type Place } from './places'
import { useTenantIfAny } from './tenant'
import { Dialog } from '../ui/Dialogs'

// A tenant's own people have no choice, and need not load it.
const TenantSwitch = lazy(() => import('./TenantSwitch').then((module) => ({ default: module.TenantSwitch })))

/** What stands around every screen; and the login, where nobody is logged in. */
export function Shell() {
  const { session, isLoading, hasExpired, logout } = useSession()
  const [isOpen, menu] = useDisclosure()
  const named = useTenantIfAny()
  if (isLoading) return null
  if (!session) return <LoginScreen />
  const tenant = session.tenant ?? named
  const isPlatform = session.tenant == null
  return (
    <AppShell header={{ height: 52 }} navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !isOpen } }} padding="md">
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="sm">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={isOpen} onClick={menu.toggle} hiddenFrom="sm" size="sm" aria-label="Navigation" />
            <Text fw={700} visibleFrom="xs">
              Drizzle
            </Text>
            {isPlatform ? (
              <Suspense fallback={<Box w={{ base: 130, sm: 200 }} />}>
                <TenantSwitch tenant={named} />
              </Suspense>
            ) : <Text dir="auto">{session.tenant}</Text>}
          </Group>
          <Group gap="sm" wrap="nowrap">
            <Text size="sm" c="dimmed" visibleFrom="md">
              <Kbd>⌘</Kbd> <Kbd>K</Kbd> finds anything
            </Text>
            <Text size="sm" visibleFrom="sm" dir="auto">
              {session.name} · {isPlatform ? 'platform' : (session.role as string)}
            </Text>
            <SchemeToggle />
            <Button size="xs" variant="default" onClick={() => void logout()}>
              Log out
            </Button>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs">
        <AppShell.Section grow component={ScrollArea}>
          <nav aria-label="Screens">
            {isPlatform && <Places title="Platform" places={platformPlaces} onGo={menu.close} />}
            {tenant !== undefined && <Places title={tenant} places={placesOf(tenant)} onGo={menu.close} />}
          </nav>
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main>
        <Outlet />
      </AppShell.Main>
      <Palette tenant={tenant} isPlatform={isPlatform} />
      {hasExpired && (
        <Dialog title="Your session has ended" close={() => void logout()} closesOutside={false}>
          <Text mb="md">Log in again; what you typed is kept.</Text>
          <LoginForm />
        </Dialog>
      )}
    </AppShell>
  )
}

function Places({ title, places, onGo }: { title: string; places: Place[]; onGo: () => void }) {
  const path = useRouterState({ select: (state) => state.location.pathname.replace(/\/$/, '') })
  return (
    <>
      <Text size="xs" fw={700} c="dimmed" px="sm" pt="sm" pb={4} dir="auto" truncate>
        {title}
      </Text>
      {places.map((place) => (
        <NavLink key={place.to} renderRoot={(props) => <Link to={place.to} activeOptions={{ exact: true }} {...props} />} label={place.label} active={path === place.to} aria-current={path === place.to ? 'page' : undefined} onClick={onGo} />
      ))}
    </>
  )
}

function SchemeToggle() {
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('dark')
  return (
    <ActionIcon variant="default" aria-label={scheme === 'dark' ? 'Light colours' : 'Dark colours'} onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}>
      {scheme === 'dark' ? '☀' : '☾'}
    </ActionIcon>
  )
}
