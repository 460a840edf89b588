import { useState } from 'react'

/** One thing at a time that may fail: whether it is under way, and what it failed with last. */
export function useAttempt() {
  const [error, setError] = useState<Error>()
  const [isBusy, setBusy] = useState(false)
  const attempt = async (action: () => Promise<void>): Promise<boolean> => {
    setBusy(true)
    setError(undefined)
    try {
      await action()
      return true
    } catch (e) {
      setError(e instanceof Error ? e : new Error(String(e)))
      return false
    } finally {
      setBusy(false)
    }
  }
  return { error, isBusy, attempt, forget: () => setError(undefined) }
}
