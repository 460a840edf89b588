import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Navigate } from '@tanstack/react-router'
import { kindNames } from '../kinds/kinds'
import { useSession } from '../session/session'
import { Empty } from '../ui/States'
import { Shell } from './Shell'

const root = createRootRoute({ component: Shell, notFoundComponent: () => <Empty title="There is no such screen" /> })

function Home() {
  const { session } = useSession()
  return session?.tenant == null ? <Navigate to="/tenants" replace /> : <Navigate to="/t/$tenant" params={{ tenant: session.tenant }} replace />
}

const KindScreen = lazyRouteComponent(() => import('../kinds/KindScreen'), 'KindScreen')
const open = { validateSearch: (search: Record<string, unknown>): { open?: string } => (typeof search.open === 'string' ? { open: search.open } : {}) }
const tenant = createRoute({ getParentRoute: () => root, path: '/t/$tenant' })

const routes = root.addChildren([
  createRoute({ getParentRoute: () => root, path: '/', component: Home }),
  createRoute({ getParentRoute: () => root, path: '/tenants', component: lazyRouteComponent(() => import('../screens/TenantsScreen'), 'TenantsScreen') }),
  createRoute({ getParentRoute: () => root, path: '/rollout', component: lazyRouteComponent(() => import('../screens/RolloutScreen'), 'RolloutScreen') }),
  createRoute({ getParentRoute: () => root, path: '/settings', component: lazyRouteComponent(() => import('../screens/SettingsScreen'), 'PlatformSettingsScreen') }),
  createRoute({ getParentRoute: () => root, path: '/audit', component: lazyRouteComponent(() => import('../screens/AuditScreen'), 'AuditScreen') }),
  createRoute({ getParentRoute: () => root, path: '/access', component: lazyRouteComponent(() => import('../screens/AccessScreen'), 'AccessScreen') }),
  tenant.addChildren([
    createRoute({ getParentRoute: () => tenant, path: '/', component: lazyRouteComponent(() => import('../screens/OverviewScreen'), 'OverviewScreen') }),
    ...kindNames.map((name) => createRoute({ getParentRoute: () => tenant, path: `/${name}`, component: () => <KindScreen key={name} name={name} />, ...open })),
    createRoute({ getParentRoute: () => tenant, path: '/keys', component: lazyRouteComponent(() => import('../screens/KeysScreen'), 'KeysScreen') }),
    createRoute({ getParentRoute: () => tenant, path: '/limits', component: lazyRouteComponent(() => import('../screens/LimitsScreen'), 'LimitsScreen') }),
    createRoute({ getParentRoute: () => tenant, path: '/explain', component: lazyRouteComponent(() => import('../screens/ExplainScreen'), 'ExplainScreen') }),
    createRoute({ getParentRoute: () => tenant, path: '/revisions', component: lazyRouteComponent(() => import('../screens/RevisionsScreen'), 'RevisionsScreen') }),
    createRoute({ getParentRoute: () => tenant, path: '/settings', component: lazyRouteComponent(() => import('../screens/SettingsScreen'), 'TenantSettingsScreen') }),
    createRoute({ getParentRoute: () => tenant, path: '/audit', component: lazyRouteComponent(() => import('../screens/AuditScreen'), 'AuditScreen') }),
    createRoute({ getParentRoute: () => tenant, path: '/access', component: lazyRouteComponent(() => import('../screens/AccessScreen'), 'AccessScreen') }),
  ]),
])

export const router = createRouter({ routeTree: routes, defaultPreload: false })
