import { Alert, Badge, Button, Group, JsonInput, Stack, Tabs, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Problem, type Change } from '../api/client'
import { useMay } from '../session/session'
import { tellReceipt } from '../ui/receipts'
import { Review } from '../ui/Review'
import { Failure, Loaded } from '../ui/States'
import { isAt } from './errors'
import { FieldInput } from './FieldInput'
import { deleteItem, readItem, writeItem, type Item, type Kind } from './kinds'
import { StaleChoice } from './StaleChoice'
import { Dialog, Sheet } from '../ui/Dialogs'
import { useAttempt } from '../ui/useAttempt'

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
export function ItemEditor(props: Props) {
  const { tenant, kind, name, file, close } = props
  const stored = useQuery({
    queryKey: ['tenant', tenant, kind.name, name],
    queryFn: () => readItem(tenant, kind.name, name ?? ''),
    enabled: name !== undefined,
    // What is typed is about this revision, so it is not fetched again underneath.
    staleTime: Infinity,
    gcTime: 0,
  })
  return (
    <Sheet close={close} title={name === undefined ? `New ${kind.one}` : <span dir="auto">{`${kind.one} ${name}`}</span>}>
      {file && (
        <Badge color="yellow" variant="dot" mb="sm">
          read-only: kept in {file}
        </Badge>
      )}
      {name === undefined ? <Editing {...props} base={{ data: kind.start, revision: undefined }} /> : <Loaded query={stored}>{(base) => <Editing {...props} base={base} />}</Loaded>}
    </Sheet>
  )
}

function Editing({ tenant, kind, name, file, close, base: first }: Props & { base: { data: Item; revision: number | undefined } }) {
  const queries = useQueryClient()
  const may = useMay()
  const [base, setBase] = useState(first)
  const [draft, setDraft] = useState<Item>(first.data)
  const [json, setJson] = useState<string>()
  const { error, isBusy, attempt, forget } = useAttempt()
  const [plan, setPlan] = useState<{ change: Change; isDeletion: boolean }>()
  const [reason, setReason] = useState('')
  const isReadOnly = file !== undefined || !may('editor')
  const problems = error instanceof Problem ? error.errors : []
  const orphans = problems.filter((e) => !kind.fields.some((f) => isAt(e, f.path)))

  const tried = async (action: () => Promise<void>) => {
    if (!(await attempt(action))) setPlan(undefined)
  }
  const write = (isDryRun: boolean, isDeletion: boolean) => {
    const terms = { revision: base.revision, isDryRun, reason }
    return isDeletion ? deleteItem(tenant, kind.name, name ?? '', terms) : writeItem(tenant, kind.name, name, draft, terms)
  }
  const preview = (isDeletion: boolean) => tried(async () => setPlan({ change: await write(true, isDeletion), isDeletion }))
  const confirm = (isDeletion: boolean) =>
    tried(async () => {
      const done = await write(false, isDeletion)
      tellReceipt(`${kind.one} ${String(draft[kind.id])} ${isDeletion ? 'deleted' : 'written'}`, done.revision, done.receipt)
      await queries.invalidateQueries({ queryKey: ['tenant', tenant] })
      close()
    })
  const edit = (item: Item) => {
    setDraft(item)
    setJson(undefined)
  }
  const editJson = (text: string) => {
    setJson(text)
    try {
      setDraft(JSON.parse(text) as Item)
    } catch {
      // It is being typed; the field says so.
    }
  }
  const isTyping = json !== undefined && !isJson(json)

  return (
    <Stack>
      {error && !(error instanceof Problem && error.isStale) && <Failure error={error} />}
      {orphans.length > 0 && (
        <Alert color="red" variant="outline" role="alert">
          {orphans.map((e) => (
            <Text size="sm" key={e.path + e.message}>
              <b>{e.path}</b>: {e.message}
            </Text>
          ))}
        </Alert>
      )}
      {error instanceof Problem && error.isStale && (
        <StaleChoice
          read={() => readItem(tenant, kind.name, name ?? '')}
          mine={draft}
          take={(theirs, keepsMine) => {
            setBase(theirs)
            if (!keepsMine) edit(theirs.data)
            forget()
          }}
        />
      )}
      <Tabs defaultValue="form">
        <Tabs.List mb="sm">
          <Tabs.Tab value="form">Form</Tabs.Tab>
          <Tabs.Tab value="json">Everything, as JSON</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="form">
          <Stack>
            {kind.fields.map((field) => (
              <FieldInput
                key={field.path}
                tenant={tenant}
                field={field}
                item={draft}
                change={edit}
                error={problems.filter((e) => isAt(e, field.path)).map((e) => e.message).join(' ') || undefined}
                isReadOnly={isReadOnly || (name !== undefined && field.path === kind.id)}
              />
            ))}
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="json">
          <JsonInput aria-label="Everything, as JSON" autosize minRows={12} readOnly={isReadOnly} spellCheck={false} value={json ?? JSON.stringify(draft, null, 2)} onChange={editJson} error={isTyping ? 'This is not JSON yet.' : undefined} />
        </Tabs.Panel>
      </Tabs>
      {!may('editor') && <Text c="dimmed">Changes want the role editor.</Text>}
      {!isReadOnly && (
        <Group justify="space-between">
          {name === undefined ? (
            <span />
          ) : (
            <Button variant="outline" color="red" disabled={isBusy} onClick={() => void preview(true)}>
              Delete …
            </Button>
          )}
          <Button loading={isBusy} disabled={isTyping} onClick={() => void preview(false)}>
            {name === undefined ? `Create ${kind.one} …` : 'Review change …'}
          </Button>
        </Group>
      )}
      {plan && (
        <Dialog title="What would change" size="lg" close={() => setPlan(undefined)}>
          <Review
            changes={plan.change.changes}
            verb={plan.isDeletion ? 'Delete' : 'Write'}
            isDeletion={plan.isDeletion}
            isBusy={isBusy}
            reason={reason}
            setReason={setReason}
            back={() => setPlan(undefined)}
            confirm={() => void confirm(plan.isDeletion)}
          />
        </Dialog>
      )}
    </Stack>
  )
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object'
  } catch {
    return false
  }
}
