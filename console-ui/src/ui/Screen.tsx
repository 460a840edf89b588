import { Group, Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'

/** The frame of a screen: its title, a sentence on what it shows, and what can be done there. */
export function Screen({ title, about, actions, children }: { title: string; about?: string; actions?: ReactNode; children: ReactNode }) {
  useDocumentTitle(`${title} · Drizzle`)
  return (
    <Stack gap="md">
      <Group justify="space-between" align="start">
        <div>
          <Title order={1} size="h3" dir="auto">
            {title}
          </Title>
          {about && <Text c="dimmed">{about}</Text>}
        </div>
        {actions}
      </Group>
      <div>{children}</div>
    </Stack>
  )
}
