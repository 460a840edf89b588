import { Box, Table, useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'

const day = 86_400

interface Line {
  label: string
  color: string
  values: number[]
}

/** Lines over days, and the same figures as a table for whoever cannot see a canvas. */
export function Chart({ label, days, lines }: { label: string; days: string[]; lines: Line[] }) {
  const { ref: frame, width } = useElementSize()
  const canvas = useRef<HTMLDivElement>(null)
  const scheme = useComputedColorScheme('dark')
  useEffect(() => {
    const host = canvas.current
    if (!host || width === 0) return
    const times = days.map((d) => Date.parse(`${d}T00:00:00Z`) / 1000)
    const last = times.at(-1) ?? 0
    const ink = scheme === 'dark' ? '#c1c9d0' : '#3b4248'
    const grid = { stroke: scheme === 'dark' ? '#2b333a' : '#e3e7ea' }
    const plot = new uPlot(
      {
        width,
        height: 220,
        cursor: { y: false },
        // Thirty days, however many of them there are.
        scales: { x: { range: () => [last - 29.5 * day, last + day / 2] } },
        axes: [
          { stroke: ink, grid },
          { stroke: ink, grid, size: 64 },
        ],
        series: [{ label: 'Day', value: '{YYYY}-{MM}-{DD}' }, ...lines.map((line) => ({ label: line.label, stroke: line.color, width: 2, points: { show: days.length < 40 } }))],
      },
      [times, ...lines.map((l) => l.values)],
      host,
    )
    return () => plot.destroy()
  }, [width, scheme, days, lines])
  return (
    <Box ref={frame}>
      <div ref={canvas} role="img" aria-label={`${label}; the same figures are in the table below`} />
      <details>
        <summary>Figures</summary>
        <Table.ScrollContainer minWidth={420}>
          <Table fz="sm" aria-label={label}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Day</Table.Th>
                {lines.map((l) => (
                  <Table.Th key={l.label}>{l.label}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {days.map((date, i) => (
                <Table.Tr key={date}>
                  <Table.Td>{date}</Table.Td>
                  {lines.map((l) => (
                    <Table.Td key={l.label}>{l.values[i]}</Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </details>
    </Box>
  )
}
