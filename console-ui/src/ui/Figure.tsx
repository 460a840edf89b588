import { Paper, Text } from '@mantine/core'

/** One number with its name. */
export function Figure({ name, value }: { name: string; value: string }) {
  return (
    <Paper withBorder p="md">
      <Text size="sm" c="dimmed">
        {name}
      </Text>
      <Text size="xl" fw={600}>
        {value}
      </Text>
    </Paper>
  )
}
