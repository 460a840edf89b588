import { MantineProvider } from '@mantine/core'
import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'
import { DataTable } from './DataTable'
import { Empty } from './States'

vi.mock('@tanstack/react-virtual', () => ({
  // jsdom lays nothing out, so everything is in sight.
  useVirtualizer: ({ count }: { count: number }) => ({ getTotalSize: () => count * 40, getVirtualItems: () => Array.from({ length: count }, (_, index) => ({ index, start: index * 40 })), scrollToIndex: () => undefined }),
}))

interface Row {
  name: string
  count: number
}

function show(rows: Row[], onOpen?: (row: Row) => void) {
  return render(
    <MantineProvider>
      <DataTable label="Things" rows={rows} keyOf={(r) => r.name} onOpen={onOpen} empty={<Empty title="No things yet" />} columns={[{ name: 'Name', value: (r) => r.name }, { name: 'Count', value: (r) => r.count }]} />
    </MantineProvider>,
  )
}

const names = () => screen.getAllByRole('row').slice(1).map((row) => row.firstChild?.textContent)

test('filters by any column and says how many are left', async () => {
  show([{ name: 'alpha', count: 1 }, { name: 'beta', count: 22 }, { name: 'gamma', count: 2 }])
  await userEvent.type(screen.getByLabelText('Filter Things'), '2')
  expect(names()).toEqual(['beta', 'gamma'])
  expect(screen.getByRole('status').textContent).toBe('2 of 3')
  await userEvent.type(screen.getByLabelText('Filter Things'), 'x')
  screen.getByText('Nothing matches the filter')
})

test('sorts numbers as numbers, up and then down', async () => {
  show([{ name: 'a', count: 10 }, { name: 'b', count: 9 }, { name: 'c', count: 100 }])
  await userEvent.click(screen.getByRole('button', { name: 'Count' }))
  expect(names()).toEqual(['b', 'a', 'c'])
  await userEvent.click(screen.getByRole('button', { name: /^Count/ }))
  expect(names()).toEqual(['c', 'a', 'b'])
  expect(screen.getByRole('columnheader', { name: /^Count/ }).getAttribute('aria-sort')).toBe('descending')
})

test('opens by click and by Enter, and says when there is nothing', async () => {
  const onOpen = vi.fn()
  const { rerender } = show([{ name: 'a', count: 1 }], onOpen)
  await userEvent.click(screen.getByText('a'))
  screen.getAllByRole('row')[1]?.focus()
  await userEvent.keyboard('{Enter}')
  expect(onOpen).toHaveBeenCalledTimes(2)
  rerender(
    <MantineProvider>
      <DataTable label="Things" rows={[]} keyOf={String} empty={<Empty title="No things yet" />} columns={[]} />
    </MantineProvider>,
  )
  screen.getByText('No things yet')
})
