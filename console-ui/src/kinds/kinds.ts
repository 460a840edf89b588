import { api, data, read, type Change, type Schemas } from '../api/client'
import type { Column } from '../ui/DataTable'

/** An object of a tenant, as the API has it. Screens look at what they know by path. */
export type Item = Record<string, unknown>

export interface Field {
  /** Such as `match.paths`. */
  path: string
  label: string
  help?: string
  kind: 'text' | 'code' | 'number' | 'select' | 'words' | 'many' | 'urls' | 'limits' | 'quotas' | 'switch' | 'check'
  /** Under which it is folded away; in sight when absent. */
  group?: string
  required?: boolean
  options?: string[]
  /** The kind whose names may be chosen. */
  from?: KindName
}

export interface Kind {
  name: KindName
  one: string
  title: string
  id: 'name' | 'slug'
  about: string
  columns: Column<Item>[]
  fields: Field[]
  start: Item
}

export type KindName = 'services' | 'routes' | 'consumers' | 'plans' | 'policies' | 'issuers'

/** Fields that are folded away together. */
export function grouped(group: string, fields: Field[]): Field[] {
  return fields.map((f) => ({ ...f, group }))
}

const text = (item: Item, path: string): string => shown(at(item, path))

export const kinds: Record<KindName, Kind> = {
  services: {
    name: 'services',
    one: 'service',
    title: 'Services',
    id: 'slug',
    about: 'Upstreams. Each answers at /tenant/service/… with no route written.',
    columns: [
      { name: 'Service', value: (i) => text(i, 'slug') },
      { name: 'Destinations', value: (i) => (at(i, 'destinations') as { url: string }[] | undefined)?.map((d) => d.url).join(', ') ?? '', width: 'minmax(240px, 2fr)' },
      { name: 'Balancing', value: (i) => text(i, 'loadBalancing') || 'roundRobin' },
    ],
    fields: [
      { path: 'slug', label: 'Slug', kind: 'text', required: true, help: 'Its name in URLs: lower-case letters, digits and hyphens' },
      { path: 'destinations', label: 'Destinations', kind: 'urls', required: true, help: 'One URL in each line, such as http://10.0.0.5:8080' },
      { path: 'loadBalancing', label: 'Load balancing', kind: 'select', options: ['roundRobin', 'weighted', 'leastRequests', 'powerOfTwo', 'random', 'consistentHash'], help: 'Default roundRobin' },
      { path: 'maxBody', label: 'Largest request body', kind: 'text', help: 'Such as 10MiB; 0B is no limit' },
      { path: 'limits', label: 'Limits', kind: 'limits', help: 'On all requests to this service' },
      ...grouped('Health checks', [
        { path: 'health.active', label: 'Probe destinations', kind: 'switch', help: 'A GET that must answer 2xx, by each edge' },
        { path: 'health.active.path', label: 'Path of a probe', kind: 'text', help: 'Default /' },
        { path: 'health.active.interval', label: 'Between probes', kind: 'text', help: 'Default 5s' },
        { path: 'health.active.timeout', label: 'A probe may take', kind: 'text', help: 'Default 1s' },
        { path: 'health.active.unhealthyAfter', label: 'Unhealthy after', kind: 'number', help: 'Failures in a row. Default 3' },
        { path: 'health.passive', label: 'Judge by the traffic itself', kind: 'switch', help: 'Takes a destination out when too many of its requests fail' },
        { path: 'health.passive.failureRate', label: 'Failure rate', kind: 'number', help: '0 to 1. Default 0.5' },
        { path: 'health.passive.window', label: 'Of the last', kind: 'text', help: 'Default 30s' },
        { path: 'health.passive.reactivateAfter', label: 'Out for', kind: 'text', help: 'Default as long' },
      ]),
      ...grouped('Circuit breaker', [
        { path: 'circuitBreaker', label: 'Open after failures', kind: 'switch', help: 'Requests are then refused at once, until one that is let through succeeds' },
        { path: 'circuitBreaker.failures', label: 'Failures', kind: 'number', help: 'Default 5' },
        { path: 'circuitBreaker.window', label: 'Within', kind: 'text', help: 'Default 10s' },
        { path: 'circuitBreaker.openFor', label: 'Open for', kind: 'text', help: 'Default 15s' },
      ]),
      ...grouped('Timeouts and retries', [
        { path: 'timeouts.connect', label: 'To connect', kind: 'text', help: 'Default 3s' },
        { path: 'timeouts.idle', label: 'Between reads or writes', kind: 'text', help: 'Default 5s' },
        { path: 'timeouts.stream', label: 'The same of streams', kind: 'text', help: 'Default 1h' },
        { path: 'retries.attempts', label: 'Tries after the first', kind: 'number', help: '0 to 5. Default 1, of idempotent requests without a body' },
      ]),
    ],
    start: { slug: '', destinations: [] },
  },
  routes: {
    name: 'routes',
    one: 'route',
    title: 'Routes',
    id: 'name',
    about: 'Which requests go to which service, and under what conditions. Higher priority goes first, then what is more specific.',
    columns: [
      { name: 'Route', value: (i) => text(i, 'name'), width: 'minmax(110px, 1fr)' },
      { name: 'Priority', value: (i) => Number(at(i, 'priority') ?? 0), width: '74px' },
      { name: 'Methods', value: (i) => text(i, 'match.methods') || 'all', width: '100px' },
      { name: 'Hosts', value: (i) => text(i, 'match.hosts') || 'all', width: 'minmax(100px, 1fr)' },
      { name: 'Paths', value: (i) => text(i, 'match.paths'), width: 'minmax(150px, 2fr)' },
      { name: 'Service', value: (i) => text(i, 'service'), width: 'minmax(100px, 1fr)' },
      { name: 'Wants', value: (i) => text(i, 'auth') || 'key', width: '90px' },
    ],
    fields: [
      { path: 'name', label: 'Name', kind: 'text', required: true },
      { path: 'service', label: 'Service', kind: 'select', from: 'services', required: true },
      { path: 'match.paths', label: 'Paths', kind: 'words', required: true, help: '* or {name} is one segment, ** at the end any number: /orders/**' },
      { path: 'match.methods', label: 'Methods', kind: 'many', options: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'], help: 'All when empty' },
      { path: 'match.hosts', label: 'Hosts', kind: 'words', help: 'All hosts of the tenant when empty' },
      { path: 'auth', label: 'Credentials', kind: 'many', options: ['key', 'jwt', 'mtls', 'none'], help: 'Of which one is wanted; a key when empty, none alone wants none' },
      { path: 'priority', label: 'Priority', kind: 'number', help: 'Higher goes first' },
      { path: 'limits', label: 'Limits', kind: 'limits', help: 'On this route’s requests' },
      ...grouped('Changes on the way', [
        { path: 'transforms.stripPrefix', label: 'Strip a prefix', kind: 'text', help: 'Such as /v1' },
        { path: 'transforms.rewritePath', label: 'Rewrite the path', kind: 'text', help: 'With {names} of the match: /orders/{id}' },
        { path: 'transforms.request.remove', label: 'Remove request headers', kind: 'words' },
        { path: 'transforms.response.remove', label: 'Remove answer headers', kind: 'words' },
        { path: 'maxBody', label: 'Largest request body', kind: 'text', help: 'Such as 10MiB; 0B is no limit' },
        { path: 'cost', label: 'Cost', kind: 'number', help: 'Tokens that a request takes of its limits. Default 1' },
      ]),
      ...grouped('Browsers of other origins (CORS)', [
        { path: 'cors.origins', label: 'Origins', kind: 'words', help: 'Such as https://app.acme.test, or *' },
        { path: 'cors.methods', label: 'Methods they may use', kind: 'words' },
        { path: 'cors.headers', label: 'Headers they may send', kind: 'words' },
        { path: 'cors.credentials', label: 'With cookies and the like', kind: 'check' },
        { path: 'cors.maxAge', label: 'Remembered for', kind: 'text', help: 'Such as 10m' },
      ]),
    ],
    start: { name: '', service: '', match: { paths: [] } },
  },
  consumers: {
    name: 'consumers',
    one: 'consumer',
    title: 'Consumers',
    id: 'name',
    about: 'Who calls: applications and partners. Their keys are under Keys.',
    columns: [
      { name: 'Consumer', value: (i) => text(i, 'name') },
      { name: 'Plan', value: (i) => text(i, 'plan') },
      { name: 'Roles', value: (i) => text(i, 'roles') },
      { name: 'Certificates', value: (i) => text(i, 'certificates') },
    ],
    fields: [
      { path: 'name', label: 'Name', kind: 'text', required: true },
      { path: 'plan', label: 'Plan', kind: 'select', from: 'plans', help: 'None when empty: then only limits of routes, services and the tenant count' },
      { path: 'roles', label: 'Roles', kind: 'words', help: 'That policies name' },
      { path: 'certificates', label: 'Client certificates', kind: 'words', help: 'By a name that they bear, such as dns:mobile.acme.test' },
    ],
    start: { name: '' },
  },
  plans: {
    name: 'plans',
    one: 'plan',
    title: 'Plans',
    id: 'name',
    about: 'Named sets of limits and quotas that consumers are on.',
    columns: [
      { name: 'Plan', value: (i) => text(i, 'name') },
      { name: 'Limits', value: (i) => limitsOf(i), width: 'minmax(240px, 2fr)' },
      { name: 'Quotas', value: (i) => (at(i, 'quotas') as Schemas['Quota'][] | undefined)?.map((q) => `${q.name}: ${q.amount} per ${q.per}`).join(', ') ?? '', width: 'minmax(200px, 2fr)' },
    ],
    fields: [
      { path: 'name', label: 'Name', kind: 'text', required: true },
      { path: 'limits', label: 'Limits', kind: 'limits', help: 'On each consumer of the plan' },
      { path: 'quotas', label: 'Quotas', kind: 'quotas', help: 'For each consumer, in windows of the calendar' },
    ],
    start: { name: '', limits: [] },
  },
  policies: {
    name: 'policies',
    one: 'policy',
    title: 'Policies',
    id: 'name',
    about: 'Cedar. Nothing passes that no policy permits, and one that forbids wins.',
    columns: [
      { name: 'Policy', value: (i) => text(i, 'name'), width: 'minmax(140px, 1fr)' },
      { name: 'Mode', value: (i) => text(i, 'mode') || 'enforce', width: '90px' },
      { name: 'Tests', value: (i) => (at(i, 'tests') as unknown[] | undefined)?.length ?? 0, width: '70px' },
      { name: 'Cedar', value: (i) => text(i, 'cedar').replaceAll(/\s+/g, ' '), width: 'minmax(320px, 4fr)' },
    ],
    fields: [
      { path: 'name', label: 'Name', kind: 'text', required: true, help: 'Refusals name it, so strangers may read it' },
      { path: 'cedar', label: 'Cedar', kind: 'code', required: true },
      { path: 'mode', label: 'Mode', kind: 'select', options: ['enforce', 'shadow'], help: 'A shadow policy is evaluated, counted and logged, and decides nothing' },
    ],
    start: { name: '', cedar: '' },
  },
  issuers: {
    name: 'issuers',
    one: 'issuer',
    title: 'Issuers',
    id: 'name',
    about: 'Whose JSON Web Tokens are accepted, on routes that want jwt.',
    columns: [
      { name: 'Issuer', value: (i) => text(i, 'name') },
      { name: 'iss', value: (i) => text(i, 'url'), width: 'minmax(240px, 2fr)' },
      { name: 'Audiences', value: (i) => text(i, 'audiences') },
      { name: 'Algorithms', value: (i) => text(i, 'algorithms') || (at(i, 'secret') ? 'HS256' : 'RS256') },
    ],
    fields: [
      { path: 'name', label: 'Name', kind: 'text', required: true },
      { path: 'url', label: 'Issuer', kind: 'text', required: true, help: 'The iss claim, and where its metadata is found unless the next field says' },
      { path: 'jwksUrl', label: 'Key set', kind: 'text', help: 'URL of its JSON Web Key Set' },
      { path: 'audiences', label: 'Audiences', kind: 'words', required: true, help: 'Accepted aud claims; * accepts any' },
      { path: 'algorithms', label: 'Algorithms', kind: 'many', options: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'], help: 'RS256 when empty' },
      { path: 'rolesClaim', label: 'Claim with roles', kind: 'text', help: 'Such as roles or realm_access.roles' },
      { path: 'consumer', label: 'Consumer', kind: 'select', from: 'consumers', help: 'Whose plan its callers are on' },
    ],
    start: { name: '', url: '', audiences: [] },
  },
}

export const kindNames = Object.keys(kinds) as KindName[]

export function at(item: Item, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (typeof value === 'object' && value !== null ? (value as Item)[name] : undefined), item)
}

/** The item with another value at a path; nothing there where the value is empty. */
export function put(item: Item, path: string, value: unknown): Item {
  const [name = '', ...rest] = path.split('.')
  const copy = { ...item }
  const next = rest.length > 0 ? put((copy[name] as Item | undefined) ?? {}, rest.join('.'), value) : value
  if (isEmpty(next)) delete copy[name]
  else copy[name] = next
  return copy
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
}

export function limitsOf(item: Item): string {
  return (at(item, 'limits') as Schemas['Limit'][] | undefined)?.map((l) => `${l.name}: ${l.rate}, burst ${l.burst}`).join(', ') ?? ''
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.map(shown).join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

export interface WriteTerms {
  /** That the object was read at; any when absent. */
  revision: number | undefined
  isDryRun: boolean
  reason?: string
}

// The six kinds have the same six operations, which the generated client knows one by one.
const pathOf = (kind: KindName) => `/v1/tenants/{tenant}/${kind}` as '/v1/tenants/{tenant}/routes'
const pathOfOne = (kind: KindName) => `/v1/tenants/{tenant}/${kind}/{name}` as '/v1/tenants/{tenant}/routes/{name}'

export const termsOf = ({ revision, isDryRun, reason }: WriteTerms) => ({
  query: { dryRun: isDryRun, reason: reason || undefined, wait: isDryRun ? undefined : 'applied', timeout: isDryRun ? undefined : '5s' },
  header: revision === undefined ? {} : { 'If-Match': `"${revision}"` },
})

export const listItems = (tenant: string, kind: KindName) => data(api.GET(pathOf(kind), { params: { path: { tenant } } })) as unknown as Promise<Item[]>

export async function readItem(tenant: string, kind: KindName, name: string): Promise<{ data: Item; revision: number | undefined }> {
  const { data: item, revision } = await read(api.GET(pathOfOne(kind), { params: { path: { tenant, name } } }))
  return { data: item as unknown as Item, revision }
}

/** @param name Of the one that is there; none for a new one. */
export function writeItem(tenant: string, kind: KindName, name: string | undefined, item: Item, terms: WriteTerms): Promise<Change> {
  const body = item as unknown as Schemas['Route']
  const { query, header } = termsOf(terms)
  return name === undefined
    ? (data(api.POST(pathOf(kind), { params: { path: { tenant }, query, header } as never, body })))
    : (data(api.PUT(pathOfOne(kind), { params: { path: { tenant, name }, query, header } as never, body })))
}

export function deleteItem(tenant: string, kind: KindName, name: string, terms: WriteTerms): Promise<Change> {
  const { query, header } = termsOf(terms)
  return data(api.DELETE(pathOfOne(kind), { params: { path: { tenant, name }, query, header } as never }))
}

/** Without what is at a path, nor what is empty around it; but for what is kept although it is empty. */
function cut(item: Item, path: string, kept: string[]): Item {
  const around = path.split('.').slice(0, -1).join('.')
  const rest = put(item, path, undefined)
  const left = around && !kept.includes(around) && at(rest, around)
  return left && typeof left === 'object' && Object.keys(left).length === 0 ? cut(rest, around, kept) : rest
}

/** The item with another value of a field: what is empty leaves nothing behind, but for switches that are on, and what is around a field that is wanted. */
export function edit(item: Item, path: string, value: unknown, fields: Field[]): Item {
  const kept = fields.flatMap((f) => (f.kind === 'switch' ? f.path : f.required ? f.path.split('.').slice(0, -1).join('.') : []))
  return isEmpty(value) ? cut(item, path, kept) : put(item, path, value)
}

/** Whether a field belongs to a switch that is off. */
export function isOff(item: Item, path: string, fields: Field[]): boolean {
  return fields.some((f) => f.kind === 'switch' && path.startsWith(`${f.path}.`) && at(item, f.path) == null)
}
