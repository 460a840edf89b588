import { Badge, Button, Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { api, data } from '../api/client'
import { useTenant } from '../app/tenant'
import { useMay } from '../session/session'
import { DataTable, type Column } from '../ui/DataTable'
import { Screen } from '../ui/Screen'
import { Empty, Loaded } from '../ui/States'
import { ItemEditor } from './ItemEditor'
import { useLiveColumns } from './live'
import { kinds, listItems, type Item, type KindName } from './kinds'

/** The objects of one kind: a list, and a drawer with the one that the URL names. */
export function KindScreen({ name }: { name: KindName }) {
  const kind = kinds[name]
  const tenant = useTenant()
  const { open }: { open?: string } = useSearch({ strict: false })
  const navigate = useNavigate()
  const may = useMay()
  const items = useQuery({ queryKey: ['tenant', tenant, name], queryFn: () => listItems(tenant, name) })
  const owners = useQuery({ queryKey: ['tenant', tenant, 'owners'], queryFn: () => data(api.GET('/v1/tenants/{tenant}/owners', { params: { path: { tenant } } })) })
  const files = useMemo(() => new Map(owners.data?.map((o) => [o.object, o.file])), [owners.data])
  const nameOf = (item: Item) => String(item[kind.id])
  const fileOf = (name: string) => files.get(`${kind.one}/${name}`)
  const show = (open: string | undefined) => void navigate({ to: '.', search: { open } })
  const live = useLiveColumns(tenant, name)
  const columns = useMemo(() => [...withOwner(kind.columns, (item) => files.get(`${kind.one}/${String(item[kind.id])}`)), ...live], [kind, files, live])
  const create = may('editor') ? <Button onClick={() => show('')}>New {kind.one}</Button> : <Badge variant="dot" color="gray">read-only: changes want the role editor</Badge>
  return (
    <Screen title={kind.title} about={kind.about}>
      <Loaded query={items}>
        {(rows) => (
          <DataTable
            label={kind.title}
            rows={rows}
            columns={columns}
            keyOf={nameOf}
            onOpen={(row) => show(nameOf(row))}
            actions={create}
            empty={<Empty title={`No ${kind.title.toLowerCase()} yet`}>{kind.about}</Empty>}
          />
        )}
      </Loaded>
      {open !== undefined && <ItemEditor key={open} tenant={tenant} kind={kind} name={open === '' ? undefined : open} file={fileOf(open)} close={() => show(undefined)} />}
    </Screen>
  )
}

function withOwner(columns: Column<Item>[], fileOf: (item: Item) => string | undefined): Column<Item>[] {
  const [first, ...rest] = columns
  if (!first) return columns
  const owned: Column<Item> = {
    ...first,
    show: (item) => (
      <Group gap={6} wrap="nowrap" component="span">
        <span>{first.value(item)}</span>
        {fileOf(item) && (
          <Badge size="xs" variant="dot" color="yellow" title={`Kept in ${fileOf(item)}`}>
            file
          </Badge>
        )}
      </Group>
    ),
  }
  return [owned, ...rest]
}
