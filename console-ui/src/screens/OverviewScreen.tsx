import { SimpleGrid, Stack, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, data, type Schemas } from '../api/client'
import { useTenant } from '../app/tenant'
import { Chart, colors } from '../ui/Chart'
import { DataTable } from '../ui/DataTable'
import { Figure } from '../ui/Figure'
import { Screen } from '../ui/Screen'
import { Empty, Loaded } from '../ui/States'
import { NowPanel } from './NowPanel'

type Usage = Schemas['UsageView']

const everyMs = 5000
const day = 86_400
const dateOf = (time: number) => new Date(time * 1000).toISOString().slice(0, 10)

function useUsage(tenant: string, by: string) {
  return useQuery({
    queryKey: ['tenant', tenant, 'usage', by],
    queryFn: () => data(api.GET('/v1/tenants/{tenant}/usage', { params: { path: { tenant }, query: { by, most: 1000 } } })),
    refetchInterval: everyMs,
  })
}

/** A tenant at a glance: what was asked of it, and by whom. */
export function OverviewScreen() {
  const tenant = useTenant()
  const byDay = useUsage(tenant, 'day')
  const byRoute = useUsage(tenant, 'consumer,service,route')
  return (
    <Screen title={tenant} about="What goes through the gateway now, and what was used in the last thirty days (UTC).">
      <NowPanel key={tenant} tenant={tenant} />
      <Title order={2} size="h4" mt="lg" mb="sm">
        Thirty days
      </Title>
      <Loaded query={byDay}>{(rows) => <Totals rows={rows} />}</Loaded>
      <Title order={2} size="h4" mt="lg" mb="sm">
        Who asks for what
      </Title>
      <Loaded query={byRoute}>
        {(rows) => (
          <DataTable
            label="Usage"
            rows={rows}
            keyOf={(u) => [u.consumer, u.service, u.route].join('\n')}
            columns={[
              { name: 'Consumer', value: (u) => u.consumer || 'nobody' },
              { name: 'Service', value: (u) => u.service || 'none' },
              { name: 'Route', value: (u) => u.route || 'none' },
              { name: 'Requests', value: (u) => u.requests, width: '110px' },
              { name: 'Refused', value: (u) => u.refused, width: '100px' },
              { name: 'Errors', value: (u) => u.errors, width: '90px' },
              { name: 'Upstream, mean', value: (u) => meanMs(u), width: '130px', show: (u) => `${meanMs(u).toFixed(1)} ms` },
              { name: 'Bytes out', value: (u) => u.bytesOut, width: '120px' },
            ]}
            empty={<Empty title="Nothing was asked yet">Send a request through the gateway, and it is counted here within seconds.</Empty>}
          />
        )}
      </Loaded>
    </Screen>
  )
}

function Totals({ rows }: { rows: Usage[] }) {
  const { times, lines } = useMemo(() => {
    const sorted = [...rows].filter((r) => r.day).sort((a, b) => String(a.day).localeCompare(String(b.day)))
    return {
      times: sorted.map((r) => Date.parse(`${String(r.day)}T00:00:00Z`) / 1000),
      lines: [
        { label: 'Requests', color: colors.requests, values: sorted.map((r) => r.requests) },
        { label: 'Refused', color: colors.limited, values: sorted.map((r) => r.refused) },
        { label: 'Errors', color: colors.errors, values: sorted.map((r) => r.errors) },
      ],
    }
  }, [rows])
  const sum = (pick: (u: Usage) => number) => rows.reduce((total, row) => total + pick(row), 0)
  const requests = sum((u) => u.requests)
  return (
    <Stack>
      <SimpleGrid cols={{ base: 2, sm: 4 }}>
        <Figure name="Requests" value={requests.toLocaleString()} />
        <Figure name="Refused" value={sum((u) => u.refused).toLocaleString()} />
        <Figure name="Errors" value={sum((u) => u.errors).toLocaleString()} />
        <Figure name="Upstream, mean" value={requests === 0 ? '—' : `${(sum((u) => u.upstreamMs) / requests).toFixed(1)} ms`} />
      </SimpleGrid>
      {times.length > 0 && <Chart label="Requests by day" times={times} span={29.5 * day} format={dateOf} lines={lines} />}
    </Stack>
  )
}

function meanMs(usage: Usage): number {
  return usage.requests === 0 ? 0 : usage.upstreamMs / usage.requests
}
