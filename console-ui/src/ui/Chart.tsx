import { Box, Table, useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'

export interface Line {
  label: string
  color: string
  values: (number | null)[]
}

/** The colours of lines; in both schemes told apart from each other and from what is behind them. */
export const colors = { requests: '#2fa4dd', limited: '#e0a526', errors: '#e5566a', other: '#9b7fd1' }

interface Props {
  label: string
  /** Of each point, in seconds since 1970. */
  times: number[]
  /** How much time is shown, in seconds, up to the last point. */
  span: number
  /** How a time is written in the table. */
  format: (time: number) => string
  lines: Line[]
}

/** Lines over time, and the same figures as a table for whoever cannot see a canvas. */
export function Chart({ label, times, span, format, lines }: Props) {
  const { ref: frame, width } = useElementSize()
  const canvas = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(undefined)
  const newest = useRef({ times, lines, span })
  newest.current = { times, lines, span }
  const scheme = useComputedColorScheme('dark')
  const names = lines.map((l) => l.label).join('\n')
  useEffect(() => {
    const host = canvas.current
    if (!host || width === 0) return
    const ink = scheme === 'dark' ? '#c1c9d0' : '#3b4248'
    const grid = { stroke: scheme === 'dark' ? '#2b333a' : '#e3e7ea' }
    const hasFewPoints = newest.current.times.length < 40
    plot.current = new uPlot(
      {
        width,
        height: 220,
        cursor: { y: false },
        scales: { x: { range: () => rangeOf(newest.current.times, newest.current.span) } },
        axes: [
          { stroke: ink, grid },
          { stroke: ink, grid, size: 64 },
        ],
        series: [{ label: 'Time', value: (_, time) => (time === null ? '—' : format(time)) }, ...newest.current.lines.map((line) => ({ label: line.label, stroke: line.color, width: 2, points: { show: hasFewPoints && span > 86_400 } }))],
      },
      dataOf(newest.current),
      host,
    )
    return () => {
      plot.current?.destroy()
      plot.current = undefined
    }
  }, [width, scheme, names, span, format])
  useEffect(() => plot.current?.setData(dataOf(newest.current)), [times, lines])
  return (
    <Box ref={frame}>
      <div ref={canvas} role="img" aria-label={`${label}; the same figures are in the table below`} />
      <details>
        <summary>Figures</summary>
        <Figures label={label} times={times} format={format} lines={lines} />
      </details>
    </Box>
  )
}

function Figures({ label, times, format, lines }: Omit<Props, 'span'>) {
  return (
    <Table.ScrollContainer minWidth={420} mah={320}>
      <Table fz="sm" aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Time</Table.Th>
            {lines.map((l) => (
              <Table.Th key={l.label}>{l.label}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {times.map((time, i) => (
            <Table.Tr key={time}>
              <Table.Td>{format(time)}</Table.Td>
              {lines.map((l) => (
                <Table.Td key={l.label}>{l.values[i] ?? '—'}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function rangeOf(times: number[], span: number): [number, number] {
  const last = times.at(-1) ?? Date.now() / 1000
  return [last - span, last + span / 60]
}

function dataOf({ times, lines }: { times: number[]; lines: Line[] }): uPlot.AlignedData {
  return [times, ...lines.map((l) => l.values)]
}
