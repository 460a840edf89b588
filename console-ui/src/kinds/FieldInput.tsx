import { ActionIcon, Button, Checkbox, Fieldset, Group, MultiSelect, NumberInput, Select, Switch, TagsInput, Text, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { at, edit, isOff, kinds, listItems, type Field, type Item, type KindName } from './kinds'

interface Props {
  tenant: string
  field: Field
  /** All of the form. */
  fields: Field[]
  item: Item
  change: (item: Item) => void
  error: string | undefined
  isReadOnly: boolean
}

/** One field of an object, in the form that suits it. */
export function FieldInput({ tenant, field, fields, item, change, error, isReadOnly: isFixed }: Props) {
  const isReadOnly = isFixed || isOff(item, field.path, fields)
  const value = at(item, field.path)
  const set = (next: unknown) => change(edit(item, field.path, next, fields))
  const common = { label: field.label, description: field.help, required: field.required, error, disabled: isReadOnly }
  switch (field.kind) {
    case 'text':
      return <TextInput {...common} value={textOf(value)} onChange={(e) => set(e.currentTarget.value)} />
    case 'code':
      return <Textarea {...common} autosize minRows={6} spellCheck={false} styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }} value={textOf(value)} onChange={(e) => set(e.currentTarget.value)} />
    case 'number':
      return <NumberInput {...common} value={typeof value === 'number' ? value : ''} onChange={(next) => set(next === '' ? undefined : Number(next))} />
    case 'select':
      return field.from ? <NameSelect {...common} tenant={tenant} from={field.from} value={textOf(value)} set={set} /> : <Select {...common} clearable placeholder={field.options?.[0]} data={field.options} value={textOf(value) || null} onChange={(next) => set(next ?? undefined)} />
    case 'many':
      return <MultiSelect {...common} clearable data={field.options} value={wordsOf(value)} onChange={set} />
    case 'words':
      return <TagsInput {...common} clearable placeholder="Enter adds one" value={wordsOf(value)} onChange={set} />
    case 'urls':
      return <UrlLines {...common} value={value} set={set} />
    case 'limits':
      return <Limits field={field} value={value} set={set} error={error} isReadOnly={isReadOnly} />
    case 'quotas':
      return <Quotas field={field} value={value} set={set} error={error} isReadOnly={isReadOnly} />
    case 'switch':
      return <Switch {...common} checked={value !== undefined && value !== null} onChange={(e) => set(e.currentTarget.checked ? {} : undefined)} />
    case 'check':
      return <Checkbox {...common} checked={value === true} onChange={(e) => set(e.currentTarget.checked || undefined)} />
  }
}

function NameSelect({ tenant, from, value, set, ...common }: { tenant: string; from: KindName; value: string; set: (next: unknown) => void; label: string; description?: string; required?: boolean; error?: string; disabled: boolean }) {
  const items = useQuery({ queryKey: ['tenant', tenant, from], queryFn: () => listItems(tenant, from) })
  const names = (items.data ?? []).map((i) => textOf(i[kinds[from].id]))
  return <Select {...common} searchable clearable data={value && !names.includes(value) ? [value, ...names] : names} value={value || null} onChange={(next) => set(next ?? undefined)} nothingFoundMessage={`No such ${kinds[from].one}`} />
}

function UrlLines({ value, set, ...common }: { value: unknown; set: (next: unknown) => void; label: string; description?: string; required?: boolean; error?: string; disabled: boolean }) {
  const destinations = objectsOf<{ url?: string }>(value)
  const change = (lines: string) => {
    const urls = lines.split('\n')
    set(lines === '' ? [] : urls.map((url, i) => ({ ...destinations[i], url })))
  }
  return <Textarea {...common} autosize minRows={2} spellCheck={false} value={destinations.map((d) => d.url ?? '').join('\n')} onChange={(e) => change(e.currentTarget.value)} />
}

interface LimitRow {
  name?: string
  rate?: string
  burst?: number
}

interface RowsProps {
  field: Field
  value: unknown
  set: (next: unknown) => void
  error: string | undefined
  isReadOnly: boolean
}

function Limits(props: RowsProps) {
  return (
    <Rows<LimitRow> {...props} one="limit" fresh={(count) => ({ name: count === 0 ? 'rate' : `rate-${count + 1}`, rate: '60/m', burst: 60 })}>
      {(row, replace) => (
        <>
          <TextInput label="Name" value={row.name ?? ''} onChange={(e) => replace({ ...row, name: e.currentTarget.value })} />
          <TextInput label="Rate" placeholder="60/m" value={row.rate ?? ''} onChange={(e) => replace({ ...row, rate: e.currentTarget.value })} />
          <NumberInput label="Burst" min={1} value={row.burst ?? ''} onChange={(next) => replace({ ...row, burst: next === '' ? undefined : Number(next) })} />
        </>
      )}
    </Rows>
  )
}

interface QuotaRow {
  name?: string
  amount?: number
  per?: string
}

function Quotas(props: RowsProps) {
  return (
    <Rows<QuotaRow> {...props} one="quota" fresh={(count) => ({ name: count === 0 ? 'monthly' : `quota-${count + 1}`, amount: 100_000, per: 'month' })}>
      {(row, replace) => (
        <>
          <TextInput label="Name" value={row.name ?? ''} onChange={(e) => replace({ ...row, name: e.currentTarget.value })} />
          <NumberInput label="Requests" min={0} value={row.amount ?? ''} onChange={(next) => replace({ ...row, amount: next === '' ? undefined : Number(next) })} />
          <Select label="Per" allowDeselect={false} data={['minute', 'hour', 'day', 'month']} value={row.per ?? 'month'} onChange={(per) => replace({ ...row, per: per ?? 'month' })} />
        </>
      )}
    </Rows>
  )
}

interface Row {
  name?: string
}

/** Objects with a name, one in each line. */
function Rows<T extends Row>({ field, value, set, error, isReadOnly, one, fresh, children }: RowsProps & { one: string; fresh: (count: number) => T; children: (row: T, replace: (row: T) => void) => ReactNode }) {
  const rows = objectsOf<T>(value)
  return (
    <Fieldset legend={field.label} disabled={isReadOnly}>
      <Text size="xs" c="dimmed" mb="xs">
        {field.help}
      </Text>
      {rows.map((row, i) => (
        <Group key={i} gap="xs" mb="xs" align="end" wrap="nowrap">
          {children(row, (next) => set(rows.map((r, j) => (j === i ? next : r))))}
          <ActionIcon variant="default" size="lg" aria-label={`Remove ${one} ${row.name ?? i + 1}`} onClick={() => set(rows.filter((_, j) => j !== i))}>
            ×
          </ActionIcon>
        </Group>
      ))}
      {error && (
        <Text size="xs" c="error" mb="xs">
          {error}
        </Text>
      )}
      <Button size="xs" variant="default" onClick={() => set([...rows, fresh(rows.length)])}>
        Add a {one}
      </Button>
    </Fieldset>
  )
}

/** What of a value, which may have been typed as JSON, is a list of objects. */
function objectsOf<T>(value: unknown): T[] {
  return Array.isArray(value) ? (value as unknown[]).filter((v): v is T => typeof v === 'object' && v !== null) : []
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function wordsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String)
  return typeof value === 'string' && value ? [value] : []
}
