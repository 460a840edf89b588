import { Button, Group, NumberInput, Progress, Stack, Text, TextInput, Title } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { api, data, type Schemas } from '../api/client'
import { liveKey, useLive, useLiveQuery, type Live } from '../api/live'
import { useTenant } from '../app/tenant'
import { useMay } from '../session/session'
import { DataTable } from '../ui/DataTable'
import { LiveBadge } from '../ui/LiveBadge'
import { Screen } from '../ui/Screen'
import { Empty, Failure, Loaded } from '../ui/States'
import { when } from '../ui/time'
import { Dialog } from '../ui/Dialogs'
import { useAttempt } from '../ui/useAttempt'

type Limit = Schemas['LimitView']

const most = 1000

/** Buckets as their owner has them now: what is left, what edges hold, who is refused. */
export function LimitsScreen() {
  const tenant = useTenant()
  const may = useMay()
  const [opened, setOpened] = useState<Limit>()
  const live = useLive(tenant, ['limits', 'quotas'])
  const limits = useLiveQuery(live, tenant, 'limits', () => data(api.GET('/v1/tenants/{tenant}/limits', { params: { path: { tenant }, query: { most } } })))
  return (
    <Screen title="Limits" about="Buckets and quotas in use, every two seconds. Leased are tokens that edges hold." actions={<LiveBadge live={live} />}>
      <Loaded query={limits}>
        {(rows) => (
          <DataTable
            label="Limits"
            rows={rows}
            keyOf={(l) => `${l.limit}\n${l.subject}`}
            onOpen={may('editor') ? setOpened : undefined}
            columns={[
              { name: 'Limit', value: (l) => l.limit, width: 'minmax(160px, 2fr)' },
              { name: 'Subject', value: (l) => l.subject || 'all', width: 'minmax(140px, 1fr)' },
              { name: 'Left', value: (l) => l.level + l.leased, width: '190px', show: (l) => <Level limit={l} /> },
              { name: 'Leased', value: (l) => l.leased, width: '130px', show: (l) => (l.leased > 0 ? `${l.leased} to ${l.leases.length} edge${l.leases.length === 1 ? '' : 's'}` : '—') },
              { name: 'Refill', value: (l) => l.refillPerSecond, width: '110px', show: (l) => `${Number(l.refillPerSecond.toPrecision(3))}/s` },
              { name: 'Refused in a minute', value: (l) => l.refusedLastMinute, width: '150px' },
            ]}
            empty={<Empty title="No bucket is in use">A bucket appears with its first request, and is forgotten once it is full again.</Empty>}
          />
        )}
      </Loaded>
      <Title order={2} size="h4" mt="lg" mb="sm">
        Quotas
      </Title>
      <Quotas tenant={tenant} live={live} />
      {opened && <ChangeLimit tenant={tenant} limit={opened} close={() => setOpened(undefined)} />}
    </Screen>
  )
}

/** What is used of calendar windows, in the tenant's time zone. */
function Quotas({ tenant, live }: { tenant: string; live: Live }) {
  const quotas = useLiveQuery(live, tenant, 'quotas', () => data(api.GET('/v1/tenants/{tenant}/quotas', { params: { path: { tenant }, query: { most } } })))
  return (
    <Loaded query={quotas}>
      {(rows) => (
        <DataTable
          label="Quotas"
          rows={rows}
          keyOf={(q) => `${q.quota}\n${q.subject}\n${q.from}`}
          columns={[
            { name: 'Quota', value: (q) => q.quota, width: 'minmax(160px, 2fr)' },
            { name: 'Subject', value: (q) => q.subject || 'all' },
            { name: 'Used', value: (q) => q.used, width: '220px', show: (q) => <Bar part={q.used} whole={q.amount} label={`${q.used} of ${q.amount} used`} isBadWhenFull /> },
            { name: 'Reserved', value: (q) => q.reserved, width: '100px' },
            { name: 'Until', value: (q) => when(q.until), width: '180px' },
          ]}
          empty={<Empty title="No quota is in use">Plans have them; one appears with its first request in a window.</Empty>}
        />
      )}
    </Loaded>
  )
}

function Level({ limit }: { limit: Limit }) {
  const left = limit.level + limit.leased
  return <Bar part={left} whole={limit.burst} label={`${left} of ${limit.burst} left`} />
}

function Bar({ part, whole, label, isBadWhenFull = false }: { part: number; whole: number; label: string; isBadWhenFull?: boolean }) {
  const share = whole > 0 ? (100 * part) / whole : 0
  const room = isBadWhenFull ? 100 - share : share
  return (
    <Group gap="xs" wrap="nowrap">
      <Progress value={share} w={90} color={room < 10 ? 'red' : room < 40 ? 'yellow' : 'teal'} aria-label={label} />
      <Text size="sm">{`${part} of ${whole}`}</Text>
    </Group>
  )
}

function ChangeLimit({ tenant, limit, close }: { tenant: string; limit: Limit; close: () => void }) {
  const queries = useQueryClient()
  const [tokens, setTokens] = useState<number>(Math.min(limit.burst, 10))
  const [reason, setReason] = useState('')
  const { error, attempt } = useAttempt()
  const run = async (how: 'reset' | 'grant') => {
    await attempt(async () => {
      const body = { limit: limit.limit, subject: limit.subject, tokens: how === 'grant' ? tokens : undefined, reason: reason || undefined }
      const done = await data(
        how === 'reset'
          ? api.POST('/v1/tenants/{tenant}/limits/reset', { params: { path: { tenant } }, body })
          : api.POST('/v1/tenants/{tenant}/limits/grant', { params: { path: { tenant } }, body }),
      )
      notifications.show({ color: 'green', title: how === 'reset' ? 'Reset' : 'Granted', message: `${limit.limit}: ${done.level ?? 'full'} with the owner. The audit has it.` })
      await queries.invalidateQueries({ queryKey: liveKey(tenant, 'limits') })
      close()
    })
  }
  return (
    <Dialog close={close} title={limit.limit}>
      <Stack>
        {error && <Failure error={error} />}
        <Text size="sm">
          {limit.subject ? (
            <>
              Of <b dir="auto">{limit.subject}</b>.{' '}
            </>
          ) : null}
          {limit.level + limit.leased} of {limit.burst} left.
        </Text>
        <NumberInput label="Tokens to grant" description="Never above the burst" min={1} max={limit.burst} value={tokens} onChange={(v) => setTokens(Number(v))} />
        <TextInput label="Reason" description="Kept in the audit" value={reason} maxLength={500} onChange={(e) => setReason(e.currentTarget.value)} />
        <Group justify="flex-end">
          <Button variant="default" onClick={() => void run('grant')}>
            Grant
          </Button>
          <Button onClick={() => void run('reset')}>Fill it up</Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
