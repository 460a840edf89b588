import { Button, Group, Stack, TextInput } from '@mantine/core'
import type { Schemas } from '../api/client'
import { Changes } from './Changes'

interface Props {
  changes: Schemas['ObjectChange'][]
  /** What the button says that does it. */
  verb: string
  isDeletion?: boolean
  isBusy: boolean
  reason: string
  setReason: (reason: string) => void
  back: () => void
  confirm: () => void
}

/** What a write would change, why it is made, and the last chance not to. */
export function Review({ changes, verb, isDeletion = false, isBusy, reason, setReason, back, confirm }: Props) {
  return (
    <Stack>
      <Changes changes={changes} />
      <TextInput label="Reason" description="Kept in the history" value={reason} maxLength={500} onChange={(e) => setReason(e.currentTarget.value)} />
      <Group justify="flex-end">
        <Button variant="default" onClick={back}>
          Back
        </Button>
        <Button data-autofocus color={isDeletion ? 'red' : undefined} loading={isBusy} disabled={changes.length === 0} onClick={confirm}>
          {verb}
        </Button>
      </Group>
    </Stack>
  )
}
