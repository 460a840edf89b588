import { Badge, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { Schemas } from '../api/client'
import { RequestForm } from '../explain/RequestForm'
import { useMay } from '../session/session'
import { tellReceipt } from '../ui/receipts'
import { Loaded } from '../ui/States'
import { Editor, type Source } from './Editor'
import type { Stored } from './StaleChoice'
import { deleteItem, readItem, writeItem, type Item, type Kind } from './kinds'
import { Sheet } from '../ui/Dialogs'

interface Props {
  tenant: string
  kind: Kind
  /** Of the object that is opened; none for a new one. */
  name: string | undefined
  /** The file that owns it. */
  file: string | undefined
  close: () => void
}

/** A drawer with one object: what it is, its change, and what the change would do before it is written. */
export function ItemEditor({ tenant, kind, name, file, close }: Props) {
  const queries = useQueryClient()
  const may = useMay()
  const source = sourceOf(tenant, kind, name)
  const stored = useQuery({
    queryKey: source.key,
    queryFn: source.read,
    enabled: name !== undefined,
    // What is typed is about this revision, so it is not fetched again underneath.
    staleTime: Infinity,
    gcTime: 0,
  })
  const editor = (base: Stored) => (
    <Editor
      tenant={tenant}
      one={kind.one}
      fields={kind.fields}
      fixed={name === undefined ? [] : [kind.id]}
      source={source}
      base={base}
      isNew={name === undefined}
      isReadOnly={file !== undefined || !may('editor')}
      tabs={kind.name === 'policies' && may('editor') ? (draft) => [{ value: 'trial', label: 'Try it', panel: <PolicyTrial tenant={tenant} policy={draft} /> }] : undefined}
      done={async (change, draft, isDeletion) => {
        tellReceipt(`${kind.one} ${String(draft[kind.id])} ${isDeletion ? 'deleted' : 'written'}`, change.revision, change.receipt)
        await queries.invalidateQueries({ queryKey: ['tenant', tenant] })
        close()
      }}
    />
  )
  return (
    <Sheet close={close} title={name === undefined ? `New ${kind.one}` : <span dir="auto">{`${kind.one} ${name}`}</span>}>
      {file && (
        <Badge color="yellow" variant="dot" mb="sm">
          read-only: kept in {file}
        </Badge>
      )}
      {name === undefined ? editor({ data: kind.start, revision: undefined }) : <Loaded query={stored}>{editor}</Loaded>}
    </Sheet>
  )
}

function sourceOf(tenant: string, kind: Kind, name: string | undefined): Source {
  return {
    key: ['tenant', tenant, kind.name, name],
    read: () => readItem(tenant, kind.name, name ?? ''),
    write: (draft, terms) => writeItem(tenant, kind.name, name, draft, terms),
    remove: name === undefined ? undefined : (terms) => deleteItem(tenant, kind.name, name, terms),
  }
}

function PolicyTrial({ tenant, policy }: { tenant: string; policy: Item }) {
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        A request, judged as if this policy were in force as it stands in the form. Nothing is written.
      </Text>
      <RequestForm tenant={tenant} policies={[policy as unknown as Schemas['Policy']]} verb="Try" />
    </>
  )
}
