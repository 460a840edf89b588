import { Badge } from '@mantine/core'
import type { Live } from '../api/live'

/** Whether what is on the screen is live. */
export function LiveBadge({ live }: { live: Live }) {
  const [color, text] = live.isLive ? ['green', 'live'] : live.away ? ['red', 'not live'] : ['gray', 'connecting']
  return (
    <Badge variant="dot" color={color} role="status" title={live.away} tt="none">
      {live.away ? `${text}: ${live.away}` : text}
    </Badge>
  )
}
