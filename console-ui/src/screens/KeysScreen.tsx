import { Alert, Badge, Button, Code, CopyButton, Group, Select, Stack, TagsInput, Text, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { api, data, type Schemas } from '../api/client'
import '../app/formStyles'
import { useTenant } from '../app/tenant'
import { listItems } from '../kinds/kinds'
import { useMay } from '../session/session'
import { DataTable } from '../ui/DataTable'
import { tellReceipt } from '../ui/receipts'
import { Screen } from '../ui/Screen'
import { Empty, Failure, Loaded } from '../ui/States'
import { when } from '../ui/time'
import { Dialog } from '../ui/Dialogs'
import { useAttempt } from '../ui/useAttempt'

type Key = Schemas['KeyView']

/** Keys of a tenant's consumers: made and shown once, revoked with a receipt. */
export function KeysScreen() {
  const tenant = useTenant()
  const may = useMay()
  const keys = useQuery({ queryKey: ['tenant', tenant, 'keys'], queryFn: () => data(api.GET('/v1/tenants/{tenant}/keys', { params: { path: { tenant } } })) })
  const [isMaking, setMaking] = useState(false)
  const [opened, setOpened] = useState<Key>()
  return (
    <Screen title="Keys" about="API keys of consumers. A key is shown once, when it is made; only its hash is stored.">
      <Loaded query={keys}>
        {(rows) => (
          <DataTable
            label="Keys"
            rows={rows}
            keyOf={(k) => k.prefix}
            onOpen={may('editor') ? setOpened : undefined}
            columns={[
              { name: 'Key', value: (k) => `${k.prefix}…` },
              { name: 'Consumer', value: (k) => k.consumer },
              { name: 'Scopes', value: (k) => (k.scopes).join(', ') },
              { name: 'Created', value: (k) => when(k.createdAt) },
              { name: 'Expires', value: (k) => (k.expiresAt ? when(k.expiresAt) : 'never') },
              { name: 'State', value: (k) => (k.revoked ? 'revoked' : 'good'), width: '100px', show: (k) => <Badge variant="dot" color={k.revoked ? 'gray' : 'green'}>{k.revoked ? 'revoked' : 'good'}</Badge> },
            ]}
            actions={may('editor') && <Button onClick={() => setMaking(true)}>New key</Button>}
            empty={<Empty title="No keys yet">Make one for a consumer, and hand it over: it is shown once.</Empty>}
          />
        )}
      </Loaded>
      {isMaking && <NewKey tenant={tenant} close={() => setMaking(false)} />}
      {opened && <RevokeKey tenant={tenant} shown={opened} close={() => setOpened(undefined)} />}
    </Screen>
  )
}

function NewKey({ tenant, close }: { tenant: string; close: () => void }) {
  const queries = useQueryClient()
  const consumers = useQuery({ queryKey: ['tenant', tenant, 'consumers'], queryFn: () => listItems(tenant, 'consumers') })
  const [consumer, setConsumer] = useState<string | null>(null)
  const [expiresIn, setExpiresIn] = useState('')
  const [scopes, setScopes] = useState<string[]>([])
  const [made, setMade] = useState<Schemas['CreatedKey']>()
  const { error, isBusy, attempt } = useAttempt()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    await attempt(async () => {
      const body = { consumer: consumer ?? '', expiresIn: expiresIn || undefined, scopes } as unknown as Schemas['NewKey']
      setMade(await data(api.POST('/v1/tenants/{tenant}/keys', { params: { path: { tenant }, query: { wait: 'applied', timeout: '5s' } }, body })))
      await queries.invalidateQueries({ queryKey: ['tenant', tenant, 'keys'] })
    })
  }
  return (
    <Dialog close={close} closesOutside={!made} title={made ? `Key of ${made.consumer}` : 'New key'}>
      {made ? (
        <Stack>
          <Alert color="yellow" variant="outline">
            This is the only time that the key is shown. Keep it now.
          </Alert>
          <Code block data-testid="new-key" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
            {made.key}
          </Code>
          <CopyButton value={made.key}>{({ copied, copy }) => <Button onClick={copy}>{copied ? 'Copied' : 'Copy'}</Button>}</CopyButton>
          <Text size="sm" c="dimmed">
            {made.receipt?.confirmed ? 'Every edge has it in force.' : 'Not every edge has said yet that it is in force.'}
          </Text>
        </Stack>
      ) : (
        <form onSubmit={(event) => void submit(event)}>
          <Stack>
            {error && <Failure error={error} />}
            <Select label="Consumer" required searchable data={(consumers.data ?? []).map((c) => String(c.name))} value={consumer} onChange={setConsumer} nothingFoundMessage="No such consumer" />
            <TagsInput label="Scopes" description="What it may be used for, in words that policies know" value={scopes} onChange={setScopes} />
            <TextInput label="Good for" description="Such as 90d; for ever when empty" value={expiresIn} onChange={(e) => setExpiresIn(e.currentTarget.value)} />
            <Button type="submit" loading={isBusy} disabled={!consumer}>
              Make the key
            </Button>
          </Stack>
        </form>
      )}
    </Dialog>
  )
}

function RevokeKey({ tenant, shown, close }: { tenant: string; shown: Key; close: () => void }) {
  const queries = useQueryClient()
  const { error, isBusy, attempt } = useAttempt()
  const revoke = async () => {
    await attempt(async () => {
      const done = await data(api.POST('/v1/tenants/{tenant}/keys/{prefix}/revoke', { params: { path: { tenant, prefix: shown.prefix }, query: { wait: 'applied', timeout: '5s' } } }))
      tellReceipt(`Key ${shown.prefix}… revoked`, done.revision, done.receipt)
      await queries.invalidateQueries({ queryKey: ['tenant', tenant] })
      close()
    })
  }
  return (
    <Dialog close={close} title={`Key ${shown.prefix}…`}>
      <Stack>
        {error && <Failure error={error} />}
        <Text>
          Of consumer <b dir="auto">{shown.consumer}</b>, made {when(shown.createdAt)}.
        </Text>
        {shown.revoked ? (
          <Text c="dimmed">It is revoked.</Text>
        ) : (
          <>
            <Text>Revoked, it is refused by every edge within the push, and what it has open ends. That cannot be taken back.</Text>
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                Back
              </Button>
              <Button color="red" loading={isBusy} onClick={() => void revoke()}>
                Revoke
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Dialog>
  )
}
