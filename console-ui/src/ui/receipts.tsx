import { notifications } from '@mantine/notifications'
import type { Schemas } from '../api/client'

/** Says where a revision stands on the edges. */
export function tellReceipt(what: string, revision: number, receipt: Schemas['Receipt'] | null | undefined) {
  const edges = receipt?.edges ?? []
  const applied = edges.filter((e) => e.state === 'applied').length
  const where = edges.length === 0 ? 'no edge is there' : `in force on ${applied} of ${edges.length} edge${edges.length === 1 ? '' : 's'}`
  notifications.show({ color: receipt?.confirmed ? 'green' : 'yellow', title: what, message: `Revision ${revision}: ${where}.` })
}
