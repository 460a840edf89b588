import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Problem, type FieldError } from '../api/client'
import { isAt } from './errors'
import type { Source } from './Editor'
import { at, type Field, type Item } from './kinds'

const pauseMs = 500

interface Check {
  errors: FieldError[]
  /** For whoever types. */
  says: string
}

/** What the API would say to what is typed, asked whenever typing pauses; nothing is written. Of fields that are still empty it says nothing. */
export function useCheck(source: Source, fields: Field[], draft: Item, revision: number | undefined, isWanted: boolean): Check {
  const [settled] = useDebouncedValue(draft, pauseMs)
  const check = useQuery({
    queryKey: ['check', ...source.key, revision, settled],
    queryFn: () => errorsOf(source.write(settled, { revision: undefined, isDryRun: true })),
    enabled: isWanted,
    retry: false,
    gcTime: 0,
  })
  if (!isWanted || settled !== draft || check.data === undefined) return { errors: [], says: isWanted && check.isFetching ? 'checking …' : '' }
  const errors = check.data.filter((e) => fields.some((f) => isAt(e, f.path) && at(draft, f.path) !== undefined))
  return { errors, says: check.data.length === 0 ? 'valid' : '' }
}

async function errorsOf(write: Promise<unknown>): Promise<FieldError[]> {
  try {
    await write
    return []
  } catch (error) {
    if (error instanceof Problem && error.errors.length > 0) return error.errors
    throw error
  }
}
