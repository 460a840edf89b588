import type { FieldError } from '../api/client'

/** Whether an error is about a field: it names it, or something within. Lists of objects may stand before it. */
export function isAt(error: FieldError, path: string): boolean {
  const where = error.path.replace(/^tenants\[\d+\]\./, '').replace(/^(services|routes|consumers|plans|policies|issuers)\[\d+\]\./, '')
  return where === path || where.startsWith(`${path}.`) || where.startsWith(`${path}[`)
}
