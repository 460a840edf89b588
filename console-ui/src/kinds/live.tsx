import { Badge } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, data, type Schemas } from '../api/client'
import { useLive, useLiveQuery } from '../api/live'
import type { Column } from '../ui/DataTable'
import { when } from '../ui/time'
import { at, type Item, type KindName } from './kinds'

const everyMs = 10_000
const dead = 'none in thirty days'
const none: Column<Item>[] = []

/** Columns with what the edges see of the objects of a kind; none of most kinds. */
export function useLiveColumns(tenant: string, kind: KindName): Column<Item>[] {
  const health = useHealth(tenant, kind === 'services')
  const requests = useRequests(tenant, kind === 'routes')
  return useMemo(() => {
    if (kind === 'services') return healthColumns(health)
    return kind === 'routes' ? requestColumns(requests) : none
  }, [kind, health, requests])
}

type Health = Map<string, Schemas['ServiceHealthView']>

function useHealth(tenant: string, isWanted: boolean): Health {
  const live = useLive(tenant, isWanted ? ['health'] : [])
  const health = useLiveQuery(live, tenant, 'health', () => data(api.GET('/v1/tenants/{tenant}/health', { params: { path: { tenant } } })), { everyMs, enabled: isWanted })
  return useMemo(() => new Map(health.data?.map((h) => [h.service, h])), [health.data])
}

function healthColumns(health: Health): Column<Item>[] {
  const of = (item: Item) => health.get(String(item.slug))
  return [
    { name: 'Circuit', value: (i) => circuitOf(i, of(i)), width: '150px', show: (i) => <Dot text={circuitOf(i, of(i))} good={['closed', 'none', 'not heard of']} /> },
    { name: 'Health', value: (i) => destinationsOf(i, of(i)), width: '170px', show: (i) => <Dot text={destinationsOf(i, of(i))} good={['all up', 'not checked', 'not heard of']} /> },
  ]
}

function circuitOf(item: Item, health: Schemas['ServiceHealthView'] | undefined): string {
  if (!at(item, 'circuitBreaker')) return 'none'
  if (!health) return 'not heard of'
  if (health.circuitOpenOn > 0) return `open on ${health.circuitOpenOn} of ${health.edges}`
  return health.circuitHalfOpenOn > 0 ? `half open on ${health.circuitHalfOpenOn}` : 'closed'
}

function destinationsOf(item: Item, health: Schemas['ServiceHealthView'] | undefined): string {
  if (!at(item, 'health')) return 'not checked'
  if (!health) return 'not heard of'
  const down = health.destinations.filter((d) => d.downOn > 0)
  return down.length === 0 ? 'all up' : `${down.length} of ${health.destinations.length} down`
}

function Dot({ text, good }: { text: string; good: string[] }) {
  return (
    <Badge variant="dot" tt="none" color={text === good[0] ? 'green' : good.includes(text) ? 'gray' : 'red'}>
      {text}
    </Badge>
  )
}

interface Requests {
  /** By route: when the last one ended. */
  last: Map<string, string>
  /** Those that had a request in thirty days; unknown while it is fetched. */
  used: Set<string> | undefined
}

function useRequests(tenant: string, isWanted: boolean): Requests {
  const path = { tenant }
  const traffic = useQuery({ queryKey: ['tenant', tenant, 'traffic-by-route'], queryFn: () => data(api.GET('/v1/tenants/{tenant}/traffic', { params: { path } })), enabled: isWanted, refetchInterval: everyMs })
  const usage = useQuery({
    queryKey: ['tenant', tenant, 'usage', 'route'],
    queryFn: () => data(api.GET('/v1/tenants/{tenant}/usage', { params: { path, query: { by: 'route', most: 10_000 } } })),
    enabled: isWanted,
  })
  return useMemo(() => ({ last: new Map(traffic.data?.map((r) => [r.route, r.lastAt])), used: usage.data && new Set(usage.data.map((u) => u.route ?? '')) }), [traffic.data, usage.data])
}

function requestColumns({ last, used }: Requests): Column<Item>[] {
  const textOf = (item: Item) => {
    const name = String(item.name)
    const at = last.get(name)
    if (at) return when(at)
    if (!used) return ''
    return used.has(name) ? 'in thirty days' : dead
  }
  return [
    {
      name: 'Last request',
      value: (i) => last.get(String(i.name)) ?? textOf(i),
      width: '180px',
      show: (i) => (textOf(i) === dead ? <Dot text={dead} good={['', dead]} /> : textOf(i)),
    },
  ]
}
