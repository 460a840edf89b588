import { Alert, Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Problem } from '../api/client'

/** What a query has come to: waiting, failed, or its data. Data that was there stays while the admin API is away. */
export function Loaded<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) {
    return (
      <>
        {query.error && <Failure error={query.error} retry={() => void query.refetch()} isStale />}
        {children(query.data)}
      </>
    )
  }
  if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />
  return (
    <Stack role="status" aria-label="Loading" gap="xs">
      <Skeleton h={24} />
      <Skeleton h={24} />
      <Skeleton h={24} w="60%" />
    </Stack>
  )
}

export function Failure({ error, retry, isStale = false }: { error: Error; retry?: () => void; isStale?: boolean }) {
  const isForbidden = error instanceof Problem && error.status === 403
  return (
    <Alert color={isForbidden ? 'yellow' : 'red'} variant="outline" role="alert" mb="sm" title={isForbidden ? 'Not yours to see' : error instanceof Problem ? error.title : 'Something failed'}>
      <Group justify="space-between" gap="sm">
        <Text size="sm">
          {error.message}
          {isStale && ' What is shown is as it was before.'}
        </Text>
        {retry && !isForbidden && (
          <Button size="xs" variant="default" onClick={retry}>
            Try again
          </Button>
        )}
      </Group>
    </Alert>
  )
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Stack align="center" py="xl" gap="xs">
      <Text fw={600}>{title}</Text>
      {children && (
        <Text component="div" c="dimmed" ta="center" maw={480}>
          {children}
        </Text>
      )}
    </Stack>
  )
}
