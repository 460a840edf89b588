import { kindNames, kinds } from '../kinds/kinds'

export interface Place {
  label: string
  to: string
}

/** What the navigation lists for a tenant. */
export function placesOf(tenant: string): Place[] {
  const under = (path: string) => `/t/${encodeURIComponent(tenant)}${path}`
  return [
    { label: 'Overview', to: under('') },
    ...kindNames.map((name) => ({ label: kinds[name].title, to: under(`/${name}`) })),
    { label: 'Keys', to: under('/keys') },
    { label: 'Limits', to: under('/limits') },
    { label: 'Explain', to: under('/explain') },
    { label: 'Revisions', to: under('/revisions') },
    { label: 'Audit', to: under('/audit') },
    { label: 'Access', to: under('/access') },
    { label: 'Settings', to: under('/settings') },
  ]
}

/** What it lists for whoever owns the platform. */
export const platformPlaces: Place[] = [
  { label: 'Tenants', to: '/tenants' },
  { label: 'Rollout', to: '/rollout' },
  { label: 'Audit', to: '/audit' },
  { label: 'Access', to: '/access' },
  { label: 'Settings', to: '/settings' },
]
