import { Accordion, Alert, Button, Group, JsonInput, Stack, Tabs, Text } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { Problem, type Change, type FieldError } from '../api/client'
import { useMay } from '../session/session'
import { Dialog } from '../ui/Dialogs'
import { Review } from '../ui/Review'
import { Failure } from '../ui/States'
import { useAttempt } from '../ui/useAttempt'
import { isAt } from './errors'
import { FieldInput } from './FieldInput'
import type { Field, Item, WriteTerms } from './kinds'
import { StaleChoice, type Stored } from './StaleChoice'
import '../app/formStyles'
import { useCheck } from './useCheck'

/** Where an object is read and written. */
export interface Source {
  /** By which it is told apart from others. */
  key: unknown[]
  read: () => Promise<Stored>
  write: (draft: Item, terms: WriteTerms) => Promise<Change>
  /** None for what cannot be deleted, or is not there yet. */
  remove?: (terms: WriteTerms) => Promise<Change>
}

interface Props {
  tenant: string
  /** What it is called, such as "route". */
  one: string
  fields: Field[]
  /** Fields that cannot be changed any more. */
  fixed: string[]
  source: Source
  base: Stored
  isNew: boolean
  isReadOnly: boolean
  /** More tabs beside the form. */
  tabs?: (draft: Item) => { value: string; label: string; panel: ReactNode }[]
  done: (change: Change, draft: Item, isDeletion: boolean) => Promise<void>
}

/** An object in a form and as JSON, and what a change would do before it is written. */
export function Editor({ tenant, one, fields, fixed, source, base: first, isNew, isReadOnly, tabs, done }: Props) {
  const may = useMay()
  const [base, setBase] = useState(first)
  const [draft, setDraft] = useState<Item>(first.data)
  const [json, setJson] = useState<string>()
  const { error, isBusy, attempt, forget } = useAttempt()
  const [plan, setPlan] = useState<{ change: Change; isDeletion: boolean }>()
  const [reason, setReason] = useState('')
  const check = useCheck(source, fields, draft, base.revision, !isReadOnly && draft !== base.data && (json === undefined || itemOf(json) !== undefined))
  const problems = error instanceof Problem ? error.errors : check.errors
  const isStale = error instanceof Problem && error.isStale
  const orphans = problems.filter((e) => !fields.some((f) => isAt(e, f.path)))

  const tried = async (action: () => Promise<void>) => {
    if (!(await attempt(action))) setPlan(undefined)
  }
  const write = (isDryRun: boolean, isDeletion: boolean) => {
    const terms = { revision: base.revision, isDryRun, reason }
    return isDeletion && source.remove ? source.remove(terms) : source.write(draft, terms)
  }
  const preview = (isDeletion: boolean) => tried(async () => setPlan({ change: await write(true, isDeletion), isDeletion }))
  const confirm = (isDeletion: boolean) =>
    tried(async () => {
      await done(await write(false, isDeletion), draft, isDeletion)
    })
  const edit = (item: Item) => {
    setDraft(item)
    setJson(undefined)
    if (!isStale) forget()
  }
  const editJson = (text: string) => {
    setJson(text)
    if (!isStale) forget()
    // While it is being typed the field says that it is none yet.
    const item = itemOf(text)
    if (item) setDraft(item)
  }
  const isTyping = json !== undefined && itemOf(json) === undefined

  const more = tabs?.(draft) ?? []
  const input = (field: Field) => (
    <FieldInput
      key={field.path}
      tenant={tenant}
      field={field}
      fields={fields}
      item={draft}
      change={edit}
      error={problems.filter((e) => isAt(e, field.path)).map((e) => e.message).join(' ') || undefined}
      isReadOnly={isReadOnly || fixed.includes(field.path)}
    />
  )

  return (
    <Stack>
      {error && !isStale && <Failure error={error} />}
      {orphans.length > 0 && (
        <Alert color="red" variant="outline" role="alert">
          {orphans.map((e) => (
            <Text size="sm" key={e.path + e.message}>
              <b>{e.path}</b>: {e.message}
            </Text>
          ))}
        </Alert>
      )}
      {isStale && (
        <StaleChoice
          read={source.read}
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
          {more.map((tab) => (
            <Tabs.Tab key={tab.value} value={tab.value}>
              {tab.label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="form">
          <Stack>
            {fields.filter((f) => f.group === undefined).map(input)}
            <Groups fields={fields} problems={problems} input={input} />
          </Stack>
        </Tabs.Panel>
        {more.map((tab) => (
          <Tabs.Panel key={tab.value} value={tab.value}>
            {tab.panel}
          </Tabs.Panel>
        ))}
        <Tabs.Panel value="json">
          <JsonInput aria-label="Everything, as JSON" autosize minRows={12} readOnly={isReadOnly} spellCheck={false} value={json ?? JSON.stringify(draft, null, 2)} onChange={editJson} error={isTyping ? 'This is no JSON object yet.' : undefined} />
        </Tabs.Panel>
      </Tabs>
      {!may('editor') && <Text c="dimmed">Changes want the role editor.</Text>}
      {!isReadOnly && (
        <Group justify="space-between">
          {source.remove ? (
            <Button variant="outline" color="red" disabled={isBusy} onClick={() => void preview(true)}>
              Delete …
            </Button>
          ) : (
            <span />
          )}
          <Group gap="sm">
            <Text size="sm" c="dimmed" role="status">
              {check.says}
            </Text>
            <Button loading={isBusy} disabled={isTyping} onClick={() => void preview(false)}>
              {isNew ? `Create ${one} …` : 'Review change …'}
            </Button>
          </Group>
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

/** Fields that most leave as they are. */
function Groups({ fields, problems, input }: { fields: Field[]; problems: FieldError[]; input: (field: Field) => ReactNode }) {
  const names = [...new Set(fields.flatMap((f) => f.group ?? []))]
  if (names.length === 0) return null
  return (
    <Accordion multiple variant="contained">
      {names.map((name) => {
        const inside = fields.filter((f) => f.group === name)
        const isWrong = problems.some((e) => inside.some((f) => isAt(e, f.path)))
        return (
          <Accordion.Item key={name} value={name}>
            <Accordion.Control>
              {name}
              {isWrong && (
                <Text span size="sm" c="error">
                  {' '}
                  · something is wrong here
                </Text>
              )}
            </Accordion.Control>
            <Accordion.Panel>
              <Stack>{inside.map(input)}</Stack>
            </Accordion.Panel>
          </Accordion.Item>
        )
      })}
    </Accordion>
  )
}

/** The object that a text is; none where it is no JSON, or another. */
function itemOf(text: string): Item | undefined {
  try {
    const item: unknown = JSON.parse(text)
    return typeof item === 'object' && item !== null && !Array.isArray(item) ? (item as Item) : undefined
  } catch {
    return undefined
  }
}
