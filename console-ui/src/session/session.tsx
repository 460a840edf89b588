import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react'
import { api, credentials, data, Problem, type Session } from '../api/client'

type Role = 'viewer' | 'editor' | 'owner'

const ranks: Record<Role, number> = { viewer: 0, editor: 1, owner: 2 }
// For as long as the tab lives: a token is as good as a password.
const tokenKey = 'drizzle-token'

interface SessionState {
  session: Session | undefined
  isLoading: boolean
  /** Whether a session that was there has ended, while what is on the screen stays. */
  hasExpired: boolean
  login: (login: { tenant?: string; name: string; password: string }) => Promise<void>
  loginByToken: (token: string) => Promise<void>
  /** Makes a tenant with its first user, and comes in as that. */
  register: (registration: { tenant: string; name: string; password: string }) => Promise<void>
  logout: () => Promise<void>
}

const Context = createContext<SessionState | undefined>(undefined)

export function SessionProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient()
  const [hasExpired, setExpired] = useState(false)
  const { data: session, isLoading } = useQuery({ queryKey: ['session'], queryFn: readSession, staleTime: Infinity, retry: false })

  useEffect(() => {
    credentials.expired = () => setExpired(true)
  }, [])

  const state = useMemo<SessionState>(() => {
    const enter = async (session: Session) => {
      credentials.csrf = session.csrfToken ?? undefined
      queries.setQueryData(['session'], session)
      setExpired(false)
      await queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' })
    }
    return {
      session: session ?? undefined,
      isLoading,
      hasExpired,
      login: async (login) => {
        forgetToken()
        await enter(await data(api.POST('/v1/login', { body: login })))
      },
      register: async (registration) => {
        forgetToken()
        await enter(await data(api.POST('/v1/registration', { body: registration })))
      },
      loginByToken: async (token) => {
        credentials.bearer = token
        try {
          const session = await data(api.GET('/v1/session'))
          sessionStorage.setItem(tokenKey, token)
          await enter(session)
        } catch (error) {
          forgetToken()
          throw error
        }
      },
      logout: async () => {
        if (!credentials.bearer) await data(api.DELETE('/v1/session')).catch(() => undefined)
        forgetToken()
        queries.setQueryData(['session'], null)
        queries.removeQueries({ predicate: (query) => query.queryKey[0] !== 'session' })
        setExpired(false)
      },
    }
  }, [session, isLoading, hasExpired, queries])

  return <Context.Provider value={state}>{children}</Context.Provider>
}

export function useSession(): SessionState {
  const state = useContext(Context)
  if (!state) throw new Error('There is no session provider above.')
  return state
}

/** Whether the caller may do what wants a role, as the admin API judges it. */
export function useMay() {
  const { session } = useSession()
  return (role: Role) => session !== undefined && (session.tenant == null || ranks[session.role as Role] >= ranks[role])
}

function forgetToken() {
  credentials.bearer = undefined
  sessionStorage.removeItem(tokenKey)
}

async function readSession(): Promise<Session | null> {
  const kept = sessionStorage.getItem(tokenKey)
  if (kept) credentials.bearer = kept
  try {
    const session = await data(api.GET('/v1/session'))
    credentials.csrf = session.csrfToken ?? undefined
    return session
  } catch (error) {
    if (error instanceof Problem && error.status === 401) {
      forgetToken()
      return null
    }
    throw error
  }
}
