import { useQuery, useQueryClient, type QueryKey } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { credentials, Problem } from './client'

/** What can be looked at live, of a tenant or of the platform. */
export type Topic = 'traffic' | 'health' | 'limits' | 'quotas' | 'edges'

/** How the live view stands: waiting for its first event, live, or not, and then why. */
export interface Live {
  isLive: boolean
  away?: string
}

const tryAgainMs = 2000
const mostSilentMs = 10_000
const whileAwayMs = 5000

/** Where a topic's newest event is kept among the queries, so that a screen reads it like any other. */
export function liveKey(tenant: string | undefined, topic: Topic): QueryKey {
  return tenant === undefined ? [topic] : ['tenant', tenant, topic]
}

/** Follows topics while the page is in sight, and puts each event in the place of the query of that name. */
export function useLive(tenant: string | undefined, topics: Topic[]): Live {
  const queries = useQueryClient()
  const [live, setLive] = useState<Live>(waiting)
  const wanted = topics.join(',')
  useEffect(() => {
    let stream: AbortController | undefined
    const look = () => {
      stream?.abort()
      stream = undefined
      setLive(waiting)
      // A browser opens few connections to one place, and hidden tabs would take them all.
      if (document.visibilityState === 'hidden' || wanted === '') return
      stream = new AbortController()
      // By topic: why it is away; nothing where it is not.
      const heard = new Map<string, string>()
      const tell = () => {
        const away = [...heard.values()].find((detail) => detail !== '')
        const isLive = away === undefined && heard.size === wanted.split(',').length
        setLive((before) => (before.isLive === isLive && before.away === away ? before : { isLive, away }))
      }
      void followOn(tenant, wanted, stream.signal, {
        event: (topic, value) => {
          queries.setQueryData(liveKey(tenant, topic), value)
          heard.set(topic, '')
          tell()
        },
        away: (topic, detail) => {
          heard.set(topic, detail)
          tell()
        },
        cut: (detail) => {
          heard.clear()
          setLive({ isLive: false, away: detail })
        },
      })
    }
    look()
    document.addEventListener('visibilitychange', look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      stream?.abort()
    }
  }, [queries, tenant, wanted])
  return live
}

/** A topic's newest event; fetched once, and again and again only while the live view is away. */
export function useLiveQuery<T>(live: Live, tenant: string | undefined, topic: Topic, queryFn: () => Promise<T>, { everyMs = whileAwayMs, enabled = true } = {}) {
  return useQuery({ queryKey: liveKey(tenant, topic), queryFn, enabled, refetchInterval: live.isLive ? false : everyMs })
}

const waiting: Live = { isLive: false }

interface Hearer {
  event: (topic: Topic, value: unknown) => void
  away: (topic: string, detail: string) => void
  /** Nothing comes any more. */
  cut: (detail: string) => void
}

/** One stream after the other: each ends by itself after a minute. */
async function followOn(tenant: string | undefined, topics: string, signal: AbortSignal, hearer: Hearer) {
  while (!signal.aborted) {
    const startedAt = performance.now()
    try {
      await follow(tenant, topics, signal, hearer)
    } catch (error) {
      if (signal.aborted) return
      hearer.cut(error instanceof Problem ? error.message : 'The admin API does not answer.')
      // What is not allowed, or not there, will not be by itself.
      if (error instanceof Problem && [403, 404].includes(error.status)) return
    }
    const rest = tryAgainMs - (performance.now() - startedAt)
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest))
  }
}

async function follow(tenant: string | undefined, topics: string, signal: AbortSignal, hearer: Hearer) {
  const path = tenant === undefined ? '/v1/live' : `/v1/tenants/${encodeURIComponent(tenant)}/live`
  const headers: HeadersInit = credentials.bearer ? { Authorization: `Bearer ${credentials.bearer}` } : {}
  // An event comes every two seconds; a connection that is silent for longer is dead, whatever it says.
  const silence = new AbortController()
  const watch = () => setTimeout(() => silence.abort(), mostSilentMs)
  let timer = watch()
  try {
    const response = await fetch(`${path}?of=${topics}`, { headers, signal: AbortSignal.any([signal, silence.signal]) })
    if (response.status === 401) credentials.expired()
    if (!response.ok || !response.body) throw new Problem(response.status, response.statusText, `The live view is refused (${response.status}).`)
    for await (const { name, data } of eventsOf(response.body)) {
      clearTimeout(timer)
      timer = watch()
      const value: unknown = JSON.parse(data)
      if (name === 'away') hearer.away((value as { topic: string }).topic, (value as { detail: string }).detail)
      else hearer.event(name as Topic, value)
    }
  } finally {
    clearTimeout(timer)
    silence.abort()
  }
}

/** Server-sent events, as the HTML standard frames them. */
export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<{ name: string; data: string }> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    rest += decoder.decode(value, { stream: true })
    const blocks = rest.split(/\r?\n\r?\n/)
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = block.split(/\r?\n/).map((line) => /^(\w+): ?(.*)$/.exec(line))
      const data = fields.filter((f) => f?.[1] === 'data').map((f) => f?.[2] ?? '')
      if (data.length > 0) yield { name: fields.find((f) => f?.[1] === 'event')?.[2] ?? 'message', data: data.join('\n') }
    }
  }
}
