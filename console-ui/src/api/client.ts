import createClient, { type Middleware } from 'openapi-fetch'
import type { components, paths } from './schema'

export type Schemas = components['schemas']
export type Session = Schemas['SessionView']
export type Change = Schemas['ChangeAnswer']
export type FieldError = Schemas['ConfigError']

/** What the admin API answers where it refuses (RFC 9457), or what stands for that where it does not answer. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    detail: string,
    readonly errors: FieldError[] = [],
    readonly actual?: number,
  ) {
    super(detail)
    this.name = 'Problem'
  }

  /** Whether somebody else wrote meanwhile. */
  get isStale() {
    return this.status === 412
  }
}

/** What each request shows: a cookie goes by itself, and wants the token against foreign sites beside every change. */
export const credentials: { bearer?: string; csrf?: string; expired: () => void } = { expired: () => undefined }

const middleware: Middleware = {
  onRequest({ request }) {
    if (credentials.bearer) request.headers.set('Authorization', `Bearer ${credentials.bearer}`)
    else if (credentials.csrf && request.method !== 'GET') request.headers.set('X-CSRF-Token', credentials.csrf)
    return request
  },
  onResponse({ response, schemaPath }) {
    if (response.status === 401 && schemaPath !== '/v1/login' && schemaPath !== '/v1/session') credentials.expired()
  },
}

export const api = createClient<paths>({ baseUrl: location.origin, fetch: (request) => fetch(request) })
api.use(middleware)

interface Answered<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The data of an answer, with the revision that its ETag names. */
export async function read<T>(answer: Promise<Answered<T>>): Promise<{ data: T; revision: number | undefined }> {
  const { data, error, response } = await reach(answer)
  if (!response.ok) throw problemOf(error, response)
  const tag = /"(\d+)"/.exec(response.headers.get('ETag') ?? '')?.[1]
  return { data: data as T, revision: tag === undefined ? undefined : Number(tag) }
}

/** The data of an answer. */
export async function data<T>(answer: Promise<Answered<T>>): Promise<T> {
  return (await read(answer)).data
}

async function reach<T>(answer: Promise<Answered<T>>): Promise<Answered<T>> {
  try {
    return await answer
  } catch {
    throw new Problem(0, 'No answer', 'The admin API does not answer. What you typed is kept; try again.')
  }
}

function problemOf(error: unknown, response: Response): Problem {
  const body = typeof error === 'object' && error !== null ? (error as Partial<Schemas['ProblemBody']>) : {}
  return new Problem(response.status, body.title ?? response.statusText, body.detail ?? `The admin API answered ${response.status}.`, body.errors ?? [], body.actual ?? undefined)
}
