import { ActionIcon, Button, Fieldset, Group, MultiSelect, NumberInput, Select, TagsInput, Text, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { at, kinds, listItems, put, type Field, type Item, type KindName } from './kinds'

interface Props {
  tenant: string
  field: Field
  item: Item
  change: (item: Item) => void
  error: string | undefined
  isReadOnly: boolean
}

/** One field of an object, in the form that suits it. */
export function FieldInput({ tenant, field, item, change, error, isReadOnly }: Props) {
  const value = at(item, field.path)
  const set = (next: unknown) => change(put(item, field.path, next))
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
  }
}

function NameSelect({ tenant, from, value, set, ...common }: { tenant: string; from: KindName; value: string; set: (next: unknown) => void; label: string; description?: string; required?: boolean; error?: string; disabled: boolean }) {
  const items = useQuery({ queryKey: ['tenant', tenant, from], queryFn: () => listItems(tenant, from) })
  const names = (items.data ?? []).map((i) => textOf(i[kinds[from].id]))
  return <Select {...common} searchable clearable data={value && !names.includes(value) ? [value, ...names] : names} value={value || null} onChange={(next) => set(next ?? undefined)} nothingFoundMessage={`No such ${kinds[from].one}`} />
}

function UrlLines({ value, set, ...common }: { value: unknown; set: (next: unknown) => void; label: string; description?: string; required?: boolean; error?: string; disabled: boolean }) {
  const destinations = (value as { url: string }[] | undefined) ?? []
  const change = (lines: string) => {
    const urls = lines.split('\n')
    set(lines === '' ? [] : urls.map((url, i) => ({ ...destinations[i], url })))
  }
  return <Textarea {...common} autosize minRows={2} spellCheck={false} value={destinations.map((d) => d.url).join('\n')} onChange={(e) => change(e.currentTarget.value)} />
}

interface LimitRow {
  name?: string
  rate?: string
  burst?: number
}

function Limits({ field, value, set, error, isReadOnly }: { field: Field; value: unknown; set: (next: unknown) => void; error: string | undefined; isReadOnly: boolean }) {
  const rows = (value as LimitRow[] | undefined) ?? []
  const replace = (index: number, row: LimitRow) => set(rows.map((r, i) => (i === index ? row : r)))
  return (
    <Fieldset legend={field.label} disabled={isReadOnly}>
      <Text size="xs" c="dimmed" mb="xs">
        {field.help}
      </Text>
      {rows.map((row, i) => (
        <Group key={i} gap="xs" mb="xs" align="end" wrap="nowrap">
          <TextInput label="Name" value={row.name ?? ''} onChange={(e) => replace(i, { ...row, name: e.currentTarget.value })} />
          <TextInput label="Rate" placeholder="60/m" value={row.rate ?? ''} onChange={(e) => replace(i, { ...row, rate: e.currentTarget.value })} />
          <NumberInput label="Burst" min={1} value={row.burst ?? ''} onChange={(next) => replace(i, { ...row, burst: next === '' ? undefined : Number(next) })} />
          <ActionIcon variant="default" size="lg" aria-label={`Remove limit ${row.name ?? i + 1}`} onClick={() => set(rows.filter((_, j) => j !== i))}>
            ×
          </ActionIcon>
        </Group>
      ))}
      {error && (
        <Text size="xs" c="error" mb="xs">
          {error}
        </Text>
      )}
      <Button size="xs" variant="default" onClick={() => set([...rows, { name: rows.length === 0 ? 'rate' : `rate-${rows.length + 1}`, rate: '60/m', burst: 60 }])}>
        Add a limit
      </Button>
    </Fieldset>
  )
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function wordsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String)
  return typeof value === 'string' && value ? [value] : []
}
