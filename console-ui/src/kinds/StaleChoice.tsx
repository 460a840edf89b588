import { Alert, Button, Code, Group, SimpleGrid, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Failure } from '../ui/States'
import type { Item } from './kinds'

/** An object, and the revision that it was read at. */
export interface Stored {
  data: Item
  revision: number | undefined
}

interface Props {
  read: () => Promise<Stored>
  mine: Item
  /** Goes on from their revision, with what was typed here or with theirs. */
  take: (theirs: Stored, keepsMine: boolean) => void
}

/** Somebody else has written meanwhile: shows both versions, and has one of them chosen. */
export function StaleChoice({ read, mine, take }: Props) {
  const theirs = useQuery({ queryKey: ['stale', mine], queryFn: read, gcTime: 0 })
  return (
    <Alert color="yellow" variant="outline" role="alert" title="Somebody else has changed this meanwhile">
      {theirs.error && <Failure error={theirs.error} retry={() => void theirs.refetch()} />}
      {theirs.data && (
        <>
          <SimpleGrid cols={{ base: 1, sm: 2 }} mb="sm">
            <Version title={`Stored, revision ${theirs.data.revision ?? '?'}`} item={theirs.data.data} />
            <Version title="Yours" item={mine} />
          </SimpleGrid>
          <Group>
            <Button size="xs" variant="default" onClick={() => take(theirs.data, false)}>
              Start again from theirs
            </Button>
            <Button size="xs" onClick={() => take(theirs.data, true)}>
              Keep mine over theirs
            </Button>
          </Group>
        </>
      )}
    </Alert>
  )
}

function Version({ title, item }: { title: string; item: Item }) {
  return (
    <div>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <Code block style={{ maxHeight: 240, overflow: 'auto' }} tabIndex={0} aria-label={title}>
        {JSON.stringify(item, null, 1)}
      </Code>
    </div>
  )
}
