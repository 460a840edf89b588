import { Alert, Badge, Code, Paper, Table, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Schemas } from '../api/client'

/** What would become of a request, stage by stage. */
export function Told({ told }: { told: Schemas['Explanation'] }) {
  const isFine = told.outcome !== 'refused'
  return (
    <>
      <Alert color={isFine ? 'green' : 'red'} variant="outline" title={isFine ? (told.outcome === 'preflight' ? 'Answered by the gateway' : 'Forwarded') : `Refused with ${told.status ?? ''} (${told.kind ?? ''})`}>
        {told.detail}
        {told.destination && (
          <Code block mt="xs">
            {told.destination}
          </Code>
        )}
      </Alert>
      <Stage title="Route">
        {told.route ? (
          <Text size="sm">
            <b>{told.route.name}</b> of service <b>{told.route.service}</b>: {told.route.why}
          </Text>
        ) : (
          <Text size="sm">None matches.</Text>
        )}
        {told.lost.length > 0 && <Rows label="Routes that lost" head={['Route', 'Service', 'Why not']} rows={told.lost.map((l) => [l.name, l.service, l.why])} />}
      </Stage>
      {told.credential && (
        <Stage title="Credential">
          <Text size="sm">
            <Verdict isGood={told.credential.isAccepted} words={['accepted', 'not accepted']} /> {[told.credential.caller, told.credential.key, told.credential.consumer && `consumer ${told.credential.consumer}`].filter(Boolean).join(' · ')}
            <br />
            {told.credential.why}
          </Text>
        </Stage>
      )}
      {told.policies.length > 0 && (
        <Stage title="Policies">
          <Rows
            label="Policies"
            head={['Policy', 'Effect', 'Verdict']}
            rows={told.policies.map((p) => [p.name, p.isShadow ? `${p.effect}, in shadow` : p.effect, p.applies === null ? `cannot be evaluated: ${p.why}` : p.applies ? 'applies' : 'does not apply'])}
          />
        </Stage>
      )}
      {told.limits.length > 0 && (
        <Stage title="Limits">
          <Rows label="Limits" head={['Limit', 'Subject', 'Left', 'Takes', 'Verdict']} rows={told.limits.map((l) => [l.name, l.subject || 'all', l.level === null ? 'not yours to know' : `${l.level} of ${l.burst}`, String(l.cost), l.admits === false ? 'refuses' : l.admits ? 'admits' : 'not known'])} />
        </Stage>
      )}
      {told.destinations.length > 0 && (
        <Stage title="Destinations">
          <Rows label="Destinations" head={['URL', 'State']} rows={told.destinations.map((d) => [d.url, d.isAvailable ? 'available' : d.why])} />
        </Stage>
      )}
      <Text size="sm" c="dimmed">
        By revision {told.revision}.
      </Text>
    </>
  )
}

function Stage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper withBorder p="md">
      <Title order={2} size="h5" mb="xs">
        {title}
      </Title>
      {children}
    </Paper>
  )
}

function Verdict({ isGood, words }: { isGood: boolean; words: [string, string] }) {
  return (
    <Badge variant="dot" color={isGood ? 'green' : 'red'}>
      {isGood ? words[0] : words[1]}
    </Badge>
  )
}

function Rows({ label, head, rows }: { label: string; head: string[]; rows: string[][] }) {
  return (
    <Table.ScrollContainer minWidth={420}>
      <Table fz="sm" aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            {head.map((h) => (
              <Table.Th key={h}>{h}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row, i) => (
            <Table.Tr key={i}>
              {row.map((cell, j) => (
                <Table.Td key={j} dir="auto" style={{ overflowWrap: 'anywhere' }}>
                  {cell}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
