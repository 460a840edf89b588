import { Button, Group, Stack, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, data, read, type Change, type Schemas } from '../api/client'
import { useTenant } from '../app/tenant'
import { useMay } from '../session/session'
import { Changes } from '../ui/Changes'
import { DataTable } from '../ui/DataTable'
import { tellReceipt } from '../ui/receipts'
import { Review } from '../ui/Review'
import { Screen } from '../ui/Screen'
import { Empty, Failure, Loaded } from '../ui/States'
import { when } from '../ui/time'
import { Dialog } from '../ui/Dialogs'
import { useAttempt } from '../ui/useAttempt'

type Revision = Schemas['RevisionView']

/** The history of a tenant: who changed what and why, and the way back. */
export function RevisionsScreen() {
  const tenant = useTenant()
  const revisions = useQuery({ queryKey: ['tenant', tenant, 'revisions'], queryFn: () => data(api.GET('/v1/revisions', { params: { query: { tenant, limit: 500 } } })) })
  const [opened, setOpened] = useState<Revision>()
  return (
    <Screen title="Revisions" about="Every write of this tenant, the last 500. Open one for what it changed, and to go back to it.">
      <Loaded query={revisions}>
        {(rows) => (
          <>
            <DataTable
              label="Revisions"
              rows={rows}
              keyOf={(r) => String(r.revision)}
              onOpen={setOpened}
              columns={[
                { name: 'Revision', value: (r) => r.revision, width: '100px' },
                { name: 'When', value: (r) => when(r.at) },
                { name: 'Who', value: (r) => r.actor },
                { name: 'From', value: (r) => r.address ?? '' },
                { name: 'Why', value: (r) => r.reason ?? '', width: 'minmax(200px, 2fr)' },
              ]}
              empty={<Empty title="No revisions yet" />}
            />
            {opened && <OneRevision tenant={tenant} revision={opened} before={rows[rows.indexOf(opened) + 1]?.revision} isNewest={rows[0] === opened} close={() => setOpened(undefined)} />}
          </>
        )}
      </Loaded>
    </Screen>
  )
}

function OneRevision({ tenant, revision, before, isNewest, close }: { tenant: string; revision: Revision; before: number | undefined; isNewest: boolean; close: () => void }) {
  const queries = useQueryClient()
  const may = useMay()
  const diff = useQuery({
    queryKey: ['tenant', tenant, 'diff', before, revision.revision],
    queryFn: () => data(api.GET('/v1/tenants/{tenant}/diff', { params: { path: { tenant }, query: { from: before, to: revision.revision } as never } })),
    enabled: before !== undefined,
    staleTime: Infinity,
  })
  const [plan, setPlan] = useState<{ change: Change; revision: number | undefined }>()
  const [reason, setReason] = useState('')
  const { error, isBusy, attempt } = useAttempt()
  const roll = async (isDryRun: boolean) => {
    const isDone = await attempt(async () => {
      const expected = isDryRun ? (await read(api.GET('/v1/tenants/{tenant}', { params: { path: { tenant } } }))).revision : plan?.revision
      const params = { path: { tenant }, query: { dryRun: isDryRun, reason: reason || undefined, wait: isDryRun ? undefined : 'applied', timeout: isDryRun ? undefined : '5s' }, header: expected === undefined ? {} : { 'If-Match': `"${expected}"` } } as never
      const change = await data(api.POST('/v1/tenants/{tenant}/rollback', { params, body: { revision: revision.revision } }))
      if (isDryRun) {
        setPlan({ change, revision: expected })
        return
      }
      tellReceipt(`Rolled back to ${revision.revision}`, change.revision, change.receipt)
      await queries.invalidateQueries({ queryKey: ['tenant', tenant] })
      close()
    })
    if (!isDone) setPlan(undefined)
  }
  return (
    <Dialog close={close} size="lg" title={`Revision ${revision.revision}`}>
      <Stack>
        {error && <Failure error={error} />}
        <Text size="sm">
          {when(revision.at)} by <b dir="auto">{revision.actor}</b>
          {revision.reason && <>: {revision.reason}</>}
        </Text>
        {plan ? (
          <>
            <Text fw={600}>Going back to {revision.revision} would change</Text>
            <Review changes={plan.change.changes} verb="Roll back" isBusy={isBusy} reason={reason} setReason={setReason} back={() => setPlan(undefined)} confirm={() => void roll(false)} />
          </>
        ) : (
          <>
            {before === undefined ? <Text c="dimmed">The first of this list: there is nothing before it to compare with.</Text> : <Loaded query={diff}>{(answer) => <Changes changes={answer.changes} />}</Loaded>}
            {may('editor') && !isNewest && (
              <Group justify="flex-end">
                <Button variant="default" onClick={() => void roll(true)}>
                  Roll back to this …
                </Button>
              </Group>
            )}
          </>
        )}
      </Stack>
    </Dialog>
  )
}
