import { Box, Group, Text, TextInput } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useDeferredValue, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import classes from './DataTable.module.css'
import { Empty } from './States'

export interface Column<T> {
  name: string
  /** What it is sorted and filtered by, and shown as unless `show` says otherwise. */
  value: (row: T) => string | number
  show?: (row: T) => ReactNode
  /** CSS width in the grid. Default minmax(120px, 1fr). */
  width?: string
}

interface Props<T> {
  label: string
  rows: T[]
  columns: Column<T>[]
  keyOf: (row: T) => string
  onOpen?: (row: T) => void
  empty: ReactNode
  /** Beside the filter. */
  actions?: ReactNode
}

const rowHeight = 40

/** A list of any length: what is not in sight is not in the document. Arrows move, Enter opens. */
export function DataTable<T>({ label, rows, columns, keyOf, onOpen, empty, actions }: Props<T>) {
  const [filter, setFilter] = useState('')
  const [order, setOrder] = useState<{ column: number; down: boolean }>()
  const wanted = useDeferredValue(filter.trim().toLowerCase())
  const shown = useMemo(() => ordered(filtered(rows, columns, wanted), columns, order), [rows, columns, wanted, order])
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({ count: shown.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 12 })
  const template = columns.map((c) => c.width ?? 'minmax(120px, 1fr)').join(' ')

  const move = (event: KeyboardEvent, index: number) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const row = shown[index]
    if (event.key === 'Enter' && row !== undefined) onOpen?.(row)
    if (step === undefined) return
    event.preventDefault()
    const next = Math.min(Math.max(index + step, 0), shown.length - 1)
    virtual.scrollToIndex(next)
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus())
  }

  return (
    <>
      <Group justify="space-between" mb="sm" gap="sm">
        <Group gap="sm">
          <TextInput aria-label={`Filter ${label}`} placeholder="Filter" value={filter} onChange={(e) => setFilter(e.currentTarget.value)} />
          <Text size="sm" c="dimmed" role="status">
            {shown.length === rows.length ? rows.length : `${shown.length} of ${rows.length}`}
          </Text>
        </Group>
        {actions}
      </Group>
      {rows.length === 0 ? (
        empty
      ) : shown.length === 0 ? (
        <Empty title="Nothing matches the filter" />
      ) : (
        <Box className={classes.scroller} ref={scroller} tabIndex={-1}>
          <div role="table" aria-label={label} aria-rowcount={shown.length + 1} className={classes.table}>
            <div role="rowgroup" className={classes.head}>
              <div role="row" aria-rowindex={1} className={classes.row} style={{ gridTemplateColumns: template }}>
                {columns.map((column, i) => (
                  <div role="columnheader" key={column.name} aria-sort={order?.column === i ? (order.down ? 'descending' : 'ascending') : 'none'}>
                    <button type="button" className={classes.sort} onClick={() => setOrder({ column: i, down: order?.column === i && !order.down })}>
                      {column.name}
                      <span aria-hidden="true">{order?.column === i ? (order.down ? ' ↓' : ' ↑') : ''}</span>
                    </button>
                  </div>
                ))}
              </div>
            </div>
            <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
              {virtual.getVirtualItems().map((item) => {
                const row = shown[item.index]
                if (row === undefined) return null
                return (
                  <div
                    role="row"
                    key={keyOf(row)}
                    data-index={item.index}
                    aria-rowindex={item.index + 2}
                    tabIndex={onOpen ? 0 : undefined}
                    className={`${classes.row} ${classes.body} ${onOpen ? classes.opens : ''}`}
                    style={{ gridTemplateColumns: template, height: rowHeight, transform: `translateY(${item.start}px)` }}
                    onClick={() => onOpen?.(row)}
                    onKeyDown={(event) => move(event, item.index)}
                  >
                    {columns.map((column) => (
                      <div role="cell" key={column.name} className={classes.cell} dir="auto" title={String(column.value(row))}>
                        {column.show ? column.show(row) : column.value(row)}
                      </div>
                    ))}
                  </div>
                )
              })}
            </div>
          </div>
        </Box>
      )}
    </>
  )
}

function filtered<T>(rows: T[], columns: Column<T>[], wanted: string): T[] {
  if (!wanted) return rows
  return rows.filter((row) => columns.some((column) => String(column.value(row)).toLowerCase().includes(wanted)))
}

function ordered<T>(rows: T[], columns: Column<T>[], order: { column: number; down: boolean } | undefined): T[] {
  const column = order && columns[order.column]
  if (!column) return rows
  const sign = order.down ? -1 : 1
  return [...rows].sort((a, b) => {
    const [x, y] = [column.value(a), column.value(b)]
    return sign * (typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y)))
  })
}
