import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { readTenants } from '../api/tenants'

/** Which tenant is looked at, for whoever may look at all. */
export function TenantSwitch({ tenant }: { tenant: string | undefined }) {
  const navigate = useNavigate()
  const tenants = useQuery({ queryKey: ['tenants'], queryFn: readTenants })
  return (
    <Select
      aria-label="Tenant"
      placeholder="Tenant"
      size="xs"
      searchable
      w={{ base: 130, sm: 200 }}
      data={(tenants.data ?? []).map((t) => t.slug)}
      value={tenant ?? null}
      onChange={(slug) => slug && void navigate({ to: '/t/$tenant', params: { tenant: slug } })}
      nothingFoundMessage="No such tenant"
    />
  )
}
