import { Box } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, data, read, type Schemas } from '../api/client'
import { useTenant } from '../app/tenant'
import { Editor, type Source } from '../kinds/Editor'
import { grouped, termsOf, type Field, type Item, type WriteTerms } from '../kinds/kinds'
import { useMay } from '../session/session'
import { tellReceipt } from '../ui/receipts'
import { Screen } from '../ui/Screen'
import { Loaded } from '../ui/States'

const platformFields: Field[] = [
  { path: 'addressLimit.rate', label: 'Rate for each client address', kind: 'text', help: 'Charged before anything else; both or neither. Default 100/s' },
  { path: 'addressLimit.burst', label: 'Burst for each client address', kind: 'number', help: 'Default 50' },
  { path: 'trustedProxies', label: 'Trusted proxies', kind: 'words', help: 'Addresses or ranges whose forwarded headers are believed' },
  { path: 'allowedDestinations', label: 'Allowed destinations', kind: 'words', help: 'Private ranges that services may name although they are loopback or link-local' },
  { path: 'limits', label: 'Limits', kind: 'limits', help: 'On all traffic together' },
]

const tenantFields: Field[] = [
  { path: 'slug', label: 'Slug', kind: 'text' },
  { path: 'name', label: 'Name', kind: 'text' },
  { path: 'hosts', label: 'Hosts', kind: 'words', help: 'Given by the platform’s owner' },
  { path: 'timeZone', label: 'Time zone', kind: 'text', help: 'Of its quotas, such as Europe/Berlin. Default UTC' },
  { path: 'limits', label: 'Limits', kind: 'limits', help: 'On all of the tenant’s requests' },
  ...grouped('Policies', [{ path: 'erringForbid', label: 'A forbid that cannot be evaluated', kind: 'select', options: ['skip', 'deny'], help: 'Default skip, as Cedar has it' }]),
]

/** What belongs to no tenant. */
export function PlatformSettingsScreen() {
  const source: Source = {
    key: ['platform'],
    read: () => stored(read(api.GET('/v1/platform'))),
    write: (draft, terms) => data(api.PUT('/v1/platform', { params: termsOf(terms) as never, body: draft })),
  }
  return (
    <Screen title="Settings" about="What belongs to no tenant.">
      <Settings tenant="" one="platform" fields={platformFields} fixed={[]} source={source} />
    </Screen>
  )
}

/** A tenant itself; what it has is on the other screens. */
export function TenantSettingsScreen() {
  const tenant = useTenant()
  const path = { tenant }
  const source: Source = {
    key: ['tenant', tenant, 'settings'],
    read: async () => {
      const { data: whole, revision } = await stored(read(api.GET('/v1/tenants/{tenant}', { params: { path } })))
      return { data: ownOf(whole), revision }
    },
    write: (draft, terms) => (terms.isDryRun && terms.revision === undefined ? check(tenant, draft, terms) : overlay(tenant, draft, terms)),
  }
  return (
    <Screen title="Settings" about="The tenant itself; what it has is on the other screens.">
      <Settings key={tenant} tenant={tenant} one="tenant" fields={tenantFields} fixed={['slug']} source={source} />
    </Screen>
  )
}

// What a tenant has besides its objects, which are edited by themselves.
const own = ['slug', 'name', 'hosts', 'timeZone', 'limits', 'concurrency', 'erringForbid', 'clientCertificates', 'https']

function ownOf(whole: Item): Item {
  return Object.fromEntries(Object.entries(whole).filter(([name]) => own.includes(name)))
}

/** What is typed, judged by itself. */
function check(tenant: string, draft: Item, terms: WriteTerms) {
  return data(api.PUT('/v1/tenants/{tenant}', { params: { path: { tenant }, ...termsOf(terms) } as never, body: ownOf(draft) as unknown as Schemas['Tenant'] }))
}

/** The tenant's own part in the place of what is stored, with all of its objects as they are stored: the write is of the very revision that they were read at. */
async function overlay(tenant: string, draft: Item, terms: WriteTerms) {
  const { data: whole, revision } = await stored(read(api.GET('/v1/tenants/{tenant}', { params: { path: { tenant } } })))
  const objects = Object.fromEntries(Object.entries(whole).filter(([name]) => !own.includes(name)))
  // Where somebody else has written, the revision that was read first is refused.
  const { query, header } = termsOf({ ...terms, revision: terms.revision ?? revision })
  return data(api.PUT('/v1/tenants/{tenant}', { params: { path: { tenant }, query: { ...query, prune: true }, header } as never, body: { ...objects, ...ownOf(draft) } as unknown as Schemas['Tenant'] }))
}

function Settings({ tenant, one, fields, fixed, source }: { tenant: string; one: string; fields: Field[]; fixed: string[]; source: Source }) {
  const queries = useQueryClient()
  const may = useMay()
  // Only what was written here begins anew; what others write meanwhile leaves what is typed alone.
  const [written, setWritten] = useState(0)
  const settings = useQuery({ queryKey: source.key, queryFn: source.read, staleTime: Infinity, gcTime: 0 })
  return (
    <Loaded query={settings}>
      {(base) => (
        <Box maw={760}>
          <Editor
            key={written}
            tenant={tenant}
            one={one}
            fields={fields}
            fixed={fixed}
            source={source}
            base={base}
            isNew={false}
            isReadOnly={!may('editor')}
            done={async (change) => {
              tellReceipt(`${one} written`, change.revision, change.receipt)
              await queries.invalidateQueries()
              setWritten((count) => count + 1)
            }}
          />
        </Box>
      )}
    </Loaded>
  )
}

const stored = async (reading: Promise<{ data: unknown; revision: number | undefined }>) => {
  const { data: item, revision } = await reading
  return { data: item as Item, revision }
}
