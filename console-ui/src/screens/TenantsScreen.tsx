import { Button, Group, Stack, TagsInput, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { api, data, Problem, type Schemas } from '../api/client'
import '../app/formStyles'
import { readTenants } from '../api/tenants'
import { isAt } from '../kinds/errors'
import { DataTable } from '../ui/DataTable'
import { tellReceipt } from '../ui/receipts'
import { Screen } from '../ui/Screen'
import { Empty, Failure, Loaded } from '../ui/States'
import { Dialog } from '../ui/Dialogs'
import { useAttempt } from '../ui/useAttempt'

/** The tenants of the platform. */
export function TenantsScreen() {
  const navigate = useNavigate()
  const tenants = useQuery({ queryKey: ['tenants'], queryFn: readTenants })
  const [isMaking, setMaking] = useState(false)
  return (
    <Screen title="Tenants" about="Owners of APIs. To each, no other tenant exists.">
      <Loaded query={tenants}>
        {(rows) => (
          <DataTable
            label="Tenants"
            rows={rows}
            keyOf={(t) => t.slug}
            onOpen={(t) => void navigate({ to: '/t/$tenant', params: { tenant: t.slug } })}
            columns={[
              { name: 'Tenant', value: (t) => t.slug },
              { name: 'Name', value: (t) => t.name ?? '' },
              { name: 'Hosts', value: (t) => (t.hosts).join(', '), width: 'minmax(200px, 2fr)' },
              { name: 'Services', value: (t) => t.services, width: '90px' },
              { name: 'Routes', value: (t) => t.routes, width: '90px' },
              { name: 'Consumers', value: (t) => t.consumers, width: '100px' },
              { name: 'Revision', value: (t) => t.revision, width: '90px' },
            ]}
            actions={<Button onClick={() => setMaking(true)}>New tenant</Button>}
            empty={<Empty title="No tenants yet">A tenant owns services, routes, consumers, plans and policies.</Empty>}
          />
        )}
      </Loaded>
      {isMaking && <NewTenant close={() => setMaking(false)} />}
    </Screen>
  )
}

function NewTenant({ close }: { close: () => void }) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [slug, setSlug] = useState('')
  const [name, setName] = useState('')
  const [hosts, setHosts] = useState<string[]>([])
  const { error, isBusy, attempt } = useAttempt()
  const errorAt = (path: string) => (error instanceof Problem ? error.errors.filter((e) => isAt(e, path)).map((e) => e.message).join(' ') || undefined : undefined)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    await attempt(async () => {
      const body = { slug, name: name || undefined, hosts: hosts.length > 0 ? hosts : undefined } as unknown as Schemas['Tenant']
      const done = await data(api.POST('/v1/tenants', { params: { query: { wait: 'applied', timeout: '5s' } }, body }))
      tellReceipt(`Tenant ${slug} created`, done.revision, done.receipt)
      await queries.invalidateQueries({ queryKey: ['tenants'] })
      await navigate({ to: '/t/$tenant', params: { tenant: slug } })
    })
  }
  return (
    <Dialog close={close} title="New tenant">
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          {error && <Failure error={error} />}
          <TextInput label="Slug" required description="Its name in URLs: lower-case letters, digits and hyphens" value={slug} onChange={(e) => setSlug(e.currentTarget.value)} error={errorAt('slug')} />
          <TextInput label="Name" description="Shown to people" value={name} onChange={(e) => setName(e.currentTarget.value)} error={errorAt('name')} />
          <TagsInput label="Hosts" description="That are its alone, such as api.acme.test; without any it answers at /slug/…" value={hosts} onChange={setHosts} error={errorAt('hosts')} />
          <Group justify="flex-end">
            <Button type="submit" loading={isBusy} disabled={!slug}>
              Create
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
