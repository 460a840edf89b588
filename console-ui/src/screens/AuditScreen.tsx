import { Button, Group, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, data, type Schemas } from '../api/client'
import { useTenantIfAny } from '../app/tenant'
import { DataTable } from '../ui/DataTable'
import { Screen } from '../ui/Screen'
import { Empty, Failure } from '../ui/States'
import { when } from '../ui/time'

const page = 200

/** Who did what, when, from where and why: of one tenant, or of everything. */
export function AuditScreen() {
  const tenant = useTenantIfAny()
  const [actor, setActor] = useState('')
  const [action, setAction] = useState('')
  const [wanted] = useDebouncedValue({ actor: actor.trim() || undefined, action: action.trim() || undefined }, 300)
  const audit = useInfiniteQuery({
    queryKey: tenant === undefined ? ['audit', wanted] : ['tenant', tenant, 'audit', wanted],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam }) => readPage(tenant, { ...wanted, before: pageParam, limit: page }),
    getNextPageParam: (last: Schemas['AuditView'][]) => (last.length < page ? undefined : last.at(-1)?.id),
  })
  const rows = audit.data?.pages.flat() ?? []
  return (
    <Screen title="Audit" about="Who did what, when, from where and why. Entries are only ever added.">
      {audit.error && <Failure error={audit.error} retry={() => void audit.refetch()} />}
      <DataTable
        label="Audit"
        rows={rows}
        keyOf={(a) => String(a.id)}
        columns={[
          { name: 'When', value: (a) => when(a.at), width: '180px' },
          { name: 'Who', value: (a) => a.actor },
          { name: 'From', value: (a) => a.address ?? '' },
          { name: 'What', value: (a) => a.action },
          { name: 'Of', value: (a) => [tenant === undefined ? a.tenant : undefined, a.subject].filter(Boolean).join(' / '), width: 'minmax(180px, 2fr)' },
          { name: 'Revision', value: (a) => a.revision ?? '', width: '90px' },
          { name: 'Why', value: (a) => a.reason ?? '', width: 'minmax(160px, 2fr)' },
        ]}
        actions={
          <Group gap="sm">
            <TextInput aria-label="Actor" placeholder="Actor" value={actor} onChange={(e) => setActor(e.currentTarget.value)} />
            <TextInput aria-label="Action" placeholder="Action, such as login" value={action} onChange={(e) => setAction(e.currentTarget.value)} />
            <Button variant="default" disabled={!audit.hasNextPage} loading={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
              Older
            </Button>
          </Group>
        }
        empty={<Empty title={audit.isLoading ? 'Loading …' : 'No entry is like that'} />}
      />
    </Screen>
  )
}

function readPage(tenant: string | undefined, query: { actor?: string; action?: string; before?: number; limit: number }): Promise<Schemas['AuditView'][]> {
  return tenant === undefined ? data(api.GET('/v1/audit', { params: { query } })) : data(api.GET('/v1/tenants/{tenant}/audit', { params: { path: { tenant }, query } }))
}
