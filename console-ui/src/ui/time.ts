const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** A time of the server in the reader's zone. Never "5 minutes ago": the browser's clock may be off. */
export function when(iso: string): string {
  const time = new Date(iso)
  return Number.isNaN(time.getTime()) ? iso : format.format(time)
}
