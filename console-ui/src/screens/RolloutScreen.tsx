import { Alert, Anchor, Badge, Progress, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { api, data, type Schemas } from '../api/client'
import { useLive, useLiveQuery } from '../api/live'
import { DataTable } from '../ui/DataTable'
import { LiveBadge } from '../ui/LiveBadge'
import { Screen } from '../ui/Screen'
import { Empty, Loaded } from '../ui/States'
import { when } from '../ui/time'

type Edge = Schemas['EdgeView']

/** Where each edge stands: the revision that it has in force, and what it refused and why. */
export function RolloutScreen() {
  const live = useLive(undefined, ['edges'])
  const edges = useLiveQuery(live, undefined, 'edges', () => data(api.GET('/v1/edges')))
  return (
    <Screen title="Rollout" about="Each edge and the revision that it has in force, every two seconds." actions={<LiveBadge live={live} />}>
      <Loaded query={edges}>
        {(answer) => {
          const live = answer.edges.filter((e) => e.live)
          const current = live.filter((e) => e.lag === 0)
          return (
            <Stack>
              <div>
                <Text>
                  Revision <b>{answer.revision}</b> is in force on {current.length} of {live.length} edges that report.
                </Text>
                <Progress mt={6} value={live.length === 0 ? 0 : (100 * current.length) / live.length} color={current.length === live.length ? 'teal' : 'yellow'} aria-label={`${current.length} of ${live.length} edges have the revision`} />
              </div>
              {answer.edges.flatMap((edge) => edge.refused.map((refused) => <Refused key={`${edge.id}/${refused.revision}/${refused.scope}`} edge={edge} refused={refused} />))}
              <DataTable
                label="Edges"
                rows={answer.edges}
                keyOf={(e) => e.id}
                columns={[
                  { name: 'Edge', value: (e) => e.id },
                  { name: 'Address', value: (e) => e.address },
                  { name: 'State', value: (e) => stateOf(e), width: '150px', show: (e) => <State edge={e} /> },
                  { name: 'In force', value: (e) => e.applied, width: '90px' },
                  { name: 'Behind', value: (e) => e.lag, width: '80px' },
                  { name: 'Version', value: (e) => e.version, width: '110px' },
                  { name: 'Started', value: (e) => when(e.startedAt) },
                  { name: 'Last heard of', value: (e) => when(e.seenAt) },
                ]}
                empty={<Empty title="No edge has ever reported">Start one: drizzle edge, or drizzle up.</Empty>}
              />
            </Stack>
          )
        }}
      </Loaded>
    </Screen>
  )
}

function stateOf(edge: Edge): string {
  if (edge.disputed) return 'two of one name'
  if (!edge.live) return 'not reporting'
  if (edge.refused.length > 0) return 'refused'
  return edge.lag === 0 ? 'current' : 'behind'
}

function State({ edge }: { edge: Edge }) {
  const state = stateOf(edge)
  const color = { current: 'green', behind: 'yellow', refused: 'red' }[state] ?? 'red'
  return (
    <Badge variant="dot" color={color}>
      {state}
    </Badge>
  )
}

function Refused({ edge, refused }: { edge: Edge; refused: Schemas['RefusedRevision'] }) {
  return (
    <Alert color="red" variant="outline" title={`${edge.id} refused revision ${refused.revision} of ${refused.scope || 'the platform'}`}>
      {refused.reason} The last good one stays in force there.{' '}
      {refused.scope && (
        <Anchor size="sm" renderRoot={(props) => <Link to="/t/$tenant/revisions" params={{ tenant: refused.scope }} {...props} />}>
          Revisions of {refused.scope}, to roll back
        </Anchor>
      )}
    </Alert>
  )
}
