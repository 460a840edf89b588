import { Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import type { Schemas } from '../api/client'
import { liveKey, useLive } from '../api/live'
import { Chart, colors } from '../ui/Chart'
import { DataTable } from '../ui/DataTable'
import { Figure } from '../ui/Figure'
import { LiveBadge } from '../ui/LiveBadge'
import { Empty } from '../ui/States'
import { since } from '../ui/time'

type Traffic = Schemas['TrafficView']

/** Five minutes, an event each two seconds. */
const most = 150
const span = 300
const mostBetweenMs = 30_000
const clockTime = (time: number) => new Date(time * 1000).toLocaleTimeString()

/** What goes through the gateway now. */
export function NowPanel({ tenant }: { tenant: string }) {
  const live = useLive(tenant, ['traffic'])
  // Nothing fetches it: each event is put there. What was there before this look is old.
  const { data } = useQuery<Traffic>({ queryKey: liveKey(tenant, 'traffic'), enabled: false })
  const now = live.isLive ? data : undefined
  const points = usePoints(tenant, now)
  // The first look has nothing to compare with.
  const rates = now && now.seconds > 0 ? now : undefined
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={2} size="h4">
          Now
        </Title>
        <LiveBadge live={live} />
      </Group>
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }}>
        <Figure name="Requests" value={rate(rates?.perSecond)} />
        <Figure name="Limited" value={rate(rates?.limitedPerSecond)} />
        <Figure name="Other 4xx" value={rate(rates?.clientErrorsPerSecond)} />
        <Figure name="Errors (5xx)" value={rate(rates?.serverErrorsPerSecond)} />
        <Figure name="Half take at most" value={ms(rates?.p50Ms)} />
        <Figure name="99 % take at most" value={ms(rates?.p99Ms)} />
      </SimpleGrid>
      <Graph points={points} />
      <Busiest now={now} />
    </Stack>
  )
}

function Graph({ points }: { points: Traffic[] }) {
  const times = useMemo(() => points.map((p) => Date.parse(p.at) / 1000), [points])
  const lines = useMemo(
    () => [
      { label: 'Requests/s', color: colors.requests, values: points.map((p) => p.perSecond) },
      { label: 'Limited/s', color: colors.limited, values: points.map((p) => p.limitedPerSecond) },
      { label: 'Errors/s', color: colors.errors, values: points.map((p) => p.serverErrorsPerSecond) },
    ],
    [points],
  )
  return <Chart label="Requests in a second, of the last five minutes" times={times} span={span} format={clockTime} lines={lines} />
}

function Busiest({ now }: { now: Traffic | undefined }) {
  return (
    <DataTable
      label="Busiest routes"
      rows={now?.routes ?? []}
      keyOf={(r) => `${r.service}\n${r.route}`}
      columns={[
        { name: 'Route', value: (r) => r.route },
        { name: 'Service', value: (r) => r.service },
        { name: 'Requests/s', value: (r) => r.perSecond ?? 0, width: '110px' },
        { name: 'Requests', value: (r) => r.requests, width: '110px' },
        { name: 'Limited', value: (r) => r.limited, width: '90px' },
        { name: '4xx', value: (r) => r.clientErrors, width: '80px' },
        { name: '5xx', value: (r) => r.serverErrors, width: '80px' },
        { name: '99 % within', value: (r) => r.p99Ms ?? 0, width: '110px', show: (r) => ms(r.p99Ms) },
        { name: 'Last', value: (r) => r.lastAt, width: '110px', show: (r) => `${since(r.lastAt, now?.at ?? r.lastAt)} ago` },
      ]}
      empty={
        <Empty title={now ? 'No request yet' : 'Nothing heard yet'}>
          <Text span>Since the edges that run started. The first is seen here within seconds.</Text>
        </Empty>
      }
    />
  )
}

/** The events of the last minutes, of one tenant. */
function usePoints(tenant: string, now: Traffic | undefined): Traffic[] {
  const [kept, setKept] = useState<{ tenant: string; points: Traffic[] }>({ tenant, points: [] })
  useEffect(() => {
    if (!now) return
    setKept((before) => {
      const points = before.tenant === tenant ? before.points : []
      const last = points.at(-1)
      if (now.seconds === 0 || last?.at === now.at) return before
      // No line goes over a time when nobody looked.
      const isNext = last !== undefined && Date.parse(now.at) - Date.parse(last.at) < mostBetweenMs
      return { tenant, points: isNext ? [...points.slice(1 - most), now] : [now] }
    })
  }, [tenant, now])
  return kept.tenant === tenant ? kept.points : []
}

function rate(value: number | undefined): string {
  return value === undefined ? '—' : `${value.toLocaleString()}/s`
}

function ms(value: number | null | undefined): string {
  return value == null ? '—' : `${value.toLocaleString()} ms`
}
