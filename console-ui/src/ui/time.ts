const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** A time of the server in the reader's zone. Never "5 minutes ago": the browser's clock may be off. */
export function when(iso: string): string {
  const time = new Date(iso)
  return Number.isNaN(time.getTime()) ? iso : format.format(time)
}

/** How long before another time of the server it was, such as "12 s" or "3 h". */
export function since(iso: string, now: string): string {
  const seconds = Math.max(0, (Date.parse(now) - Date.parse(iso)) / 1000)
  if (seconds < 90) return `${Math.round(seconds)} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  return seconds < 129_600 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`
}
