import { Badge, Code, Group, Stack, Table, Text } from '@mantine/core'
import type { Schemas } from '../api/client'

const colors: Record<string, string> = { add: 'green', change: 'yellow', remove: 'red' }

/** What a write changes, or what lies between two revisions. */
export function Changes({ changes }: { changes: Schemas['ObjectChange'][] }) {
  if (changes.length === 0) return <Text c="dimmed">Nothing changes.</Text>
  return (
    <Stack gap="md">
      {changes.map((change) => (
        <div key={`${change.kind}/${change.name}`}>
          <Group gap="xs" mb={4}>
            <Badge variant="dot" color={colors[change.action] ?? 'gray'}>
              {change.action}
            </Badge>
            <Text size="sm">
              {change.kind} <b dir="auto">{change.name}</b>
            </Text>
          </Group>
          {change.fields && change.fields.length > 0 && (
            <Table.ScrollContainer minWidth={420}>
              <Table withTableBorder fz="sm" verticalSpacing={4}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Field</Table.Th>
                    <Table.Th>Before</Table.Th>
                    <Table.Th>After</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {change.fields.map((field) => (
                    <Table.Tr key={field.path}>
                      <Table.Td>{field.path}</Table.Td>
                      <Table.Td>
                        <Value value={field.before} />
                      </Table.Td>
                      <Table.Td>
                        <Value value={field.after} />
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )}
        </div>
      ))}
    </Stack>
  )
}

function Value({ value }: { value: unknown }) {
  if (value === undefined || value === null) return <Text c="dimmed" size="sm" component="span">—</Text>
  return <Code style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{typeof value === 'string' ? value : JSON.stringify(value, null, 1)}</Code>
}
