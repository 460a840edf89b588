import { Alert, Button, Code, CopyButton, Group, Select, Stack, Tabs, Text, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { api, data, type Schemas } from '../api/client'
import '../app/formStyles'
import { useTenantIfAny } from '../app/tenant'
import { useMay } from '../session/session'
import { DataTable } from '../ui/DataTable'
import { Screen } from '../ui/Screen'
import { Empty, Failure, Loaded } from '../ui/States'
import { when } from '../ui/time'
import { Dialog } from '../ui/Dialogs'
import { useAttempt } from '../ui/useAttempt'

type What = 'tokens' | 'users'

/** Who administers: tokens for programs, users for people. */
export function AccessScreen() {
  return (
    <Screen title="Access" about="Tokens are for programs, users for people. Secrets are shown once.">
      <Tabs defaultValue="tokens" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="tokens">Tokens</Tabs.Tab>
          <Tabs.Tab value="users">Users</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="tokens">
          <Holders what="tokens" />
        </Tabs.Panel>
        <Tabs.Panel value="users">
          <Holders what="users" />
        </Tabs.Panel>
      </Tabs>
    </Screen>
  )
}

interface Holder {
  name: string
  role: string
  createdAt: string
  detail: string
}

function Holders({ what }: { what: What }) {
  const tenant = useTenantIfAny()
  const may = useMay()
  const [isMaking, setMaking] = useState(false)
  const [opened, setOpened] = useState<Holder>()
  const one = what === 'tokens' ? 'token' : 'user'
  const key = tenant === undefined ? [what] : ['tenant', tenant, what]
  const holders = useQuery({ queryKey: key, queryFn: () => (what === 'tokens' ? readTokens(tenant) : readUsers(tenant)) })
  return (
    <>
      <Loaded query={holders}>
        {(rows) => (
          <DataTable
            label={what}
            rows={rows}
            keyOf={(h) => h.name}
            onOpen={may('owner') ? setOpened : undefined}
            columns={[
              { name: 'Name', value: (h) => h.name },
              { name: 'Role', value: (h) => h.role },
              { name: 'Created', value: (h) => when(h.createdAt) },
              { name: what === 'tokens' ? 'Expires' : 'Last login', value: (h) => h.detail },
            ]}
            actions={may('owner') && <Button onClick={() => setMaking(true)}>New {one}</Button>}
            empty={<Empty title={`No ${what} yet`} />}
          />
        )}
      </Loaded>
      {isMaking && <NewHolder what={what} tenant={tenant} queryKey={key} close={() => setMaking(false)} />}
      {opened && <DeleteHolder what={what} tenant={tenant} holder={opened} queryKey={key} close={() => setOpened(undefined)} />}
    </>
  )
}

interface DialogProps {
  what: What
  tenant: string | undefined
  queryKey: string[]
  close: () => void
}

function NewHolder({ what, tenant, queryKey, close }: DialogProps) {
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [role, setRole] = useState<string>('viewer')
  const [expiresIn, setExpiresIn] = useState('')
  const [secret, setSecret] = useState<string>()
  const { error, attempt } = useAttempt()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    await attempt(async () => {
      setSecret(await make(what, tenant, { name, role: tenant === undefined ? undefined : role, expiresIn: expiresIn || undefined }))
      await queries.invalidateQueries({ queryKey })
    })
  }
  return (
    <Dialog close={close} closesOutside={!secret} title={what === 'tokens' ? 'New token' : 'New user'}>
      {secret ? (
        <Stack>
          <Alert color="yellow" variant="outline">
            This is the only time that it is shown. Keep it now.
          </Alert>
          <Code block style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
            {secret}
          </Code>
          <CopyButton value={secret}>{({ copied, copy }) => <Button onClick={copy}>{copied ? 'Copied' : 'Copy'}</Button>}</CopyButton>
        </Stack>
      ) : (
        <form onSubmit={(event) => void submit(event)}>
          <Stack>
            {error && <Failure error={error} />}
            <TextInput label="Name" required value={name} onChange={(e) => setName(e.currentTarget.value)} />
            {tenant !== undefined && <Select label="Role" data={['viewer', 'editor', 'owner']} allowDeselect={false} value={role} onChange={(r) => setRole(r ?? 'viewer')} />}
            {what === 'tokens' && <TextInput label="Good for" description="Such as 90d; for ever when empty" value={expiresIn} onChange={(e) => setExpiresIn(e.currentTarget.value)} />}
            <Button type="submit" disabled={!name}>
              Create
            </Button>
          </Stack>
        </form>
      )}
    </Dialog>
  )
}

function DeleteHolder({ what, tenant, holder, queryKey, close }: DialogProps & { holder: Holder }) {
  const queries = useQueryClient()
  const { error, attempt } = useAttempt()
  const remove = async () => {
    await attempt(async () => {
      await drop(what, tenant, holder.name)
      await queries.invalidateQueries({ queryKey })
      close()
    })
  }
  return (
    <Dialog close={close} title={holder.name}>
      <Stack>
        {error && <Failure error={error} />}
        <Text size="sm">
          {holder.role}, made {when(holder.createdAt)}. Deleted, it is refused from the next request on.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Back
          </Button>
          <Button color="red" onClick={() => void remove()}>
            Delete
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}

async function readTokens(tenant: string | undefined): Promise<Holder[]> {
  const tokens = await (tenant === undefined ? data(api.GET('/v1/tokens')) : data(api.GET('/v1/tenants/{tenant}/tokens', { params: { path: { tenant } } })))
  return tokens.map((t: Schemas['TokenView']) => ({ name: t.name, role: t.role, createdAt: t.createdAt, detail: t.expiresAt ? when(t.expiresAt) : 'never' }))
}

async function readUsers(tenant: string | undefined): Promise<Holder[]> {
  const users = await (tenant === undefined ? data(api.GET('/v1/users')) : data(api.GET('/v1/tenants/{tenant}/users', { params: { path: { tenant } } })))
  return users.map((u: Schemas['UserView']) => ({ name: u.name, role: u.role, createdAt: u.createdAt, detail: u.lastLoginAt ? when(u.lastLoginAt) : 'never' }))
}

/** @returns The secret, which is shown once. */
async function make(what: What, tenant: string | undefined, wanted: object): Promise<string> {
  if (what === 'tokens') {
    const body = wanted as Schemas['NewToken']
    return (await (tenant === undefined ? data(api.POST('/v1/tokens', { body })) : data(api.POST('/v1/tenants/{tenant}/tokens', { params: { path: { tenant } }, body })))).token
  }
  const body = wanted as Schemas['NewUser']
  return (await (tenant === undefined ? data(api.POST('/v1/users', { body })) : data(api.POST('/v1/tenants/{tenant}/users', { params: { path: { tenant } }, body })))).password ?? ''
}

async function drop(what: What, tenant: string | undefined, name: string): Promise<void> {
  if (what === 'tokens') await (tenant === undefined ? data(api.DELETE('/v1/tokens/{name}', { params: { path: { name } } })) : data(api.DELETE('/v1/tenants/{tenant}/tokens/{name}', { params: { path: { tenant, name } } })))
  else await (tenant === undefined ? data(api.DELETE('/v1/users/{name}', { params: { path: { name } } })) : data(api.DELETE('/v1/tenants/{tenant}/users/{name}', { params: { path: { tenant, name } } })))
}
