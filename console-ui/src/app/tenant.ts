import { useParams } from '@tanstack/react-router'

/** The tenant that the URL names; none on the platform's screens. */
export function useTenantIfAny(): string | undefined {
  const params: { tenant?: string } = useParams({ strict: false })
  return params.tenant
}

/** The tenant that the URL names, on a tenant's screens. */
export function useTenant(): string {
  const tenant = useTenantIfAny()
  if (tenant === undefined) throw new Error('This screen is a tenant’s, and the URL names none.')
  return tenant
}
