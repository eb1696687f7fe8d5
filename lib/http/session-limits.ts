import type { Session } from '@/lib/auth/session'
import { AppError } from '@/lib/contract/errors'
import { organizationSuspended } from './api-key-auth'

/** What people of a suspended organisation may still do: care for their own account, go to another organisation, pay. */
const OPEN_WHILE_SUSPENDED = ['/api/account', '/api/sessions', '/api/organizations', '/api/billing', '/api/statements', '/api/admin']

/** What an operator may do in somebody's place beside looking: use the product. Everything else, and what comes later, is closed. */
const OPEN_WHILE_IMPERSONATED = ['/api/conversations', '/api/generations', '/api/translate', '/api/write']

/** Throws AppError insufficient_permissions where the session's organisation is suspended, or an operator in somebody's place would change something. */
export function requireWithinLimits({ method, url }: { method: string; url: string }, session: Session): void {
  const { pathname } = new URL(url)
  if (session.orgSuspendedAt !== null && !isUnder(pathname, OPEN_WHILE_SUSPENDED)) throw organizationSuspended()
  if (session.impersonatedBy === null || method === 'GET' || method === 'HEAD') return
  if (method === 'POST' && isUnder(pathname, OPEN_WHILE_IMPERSONATED)) return
  throw new AppError('insufficient_permissions', `You act in the place of ${session.name}. Only ${session.name} can change this: return to your own account.`)
}

function isUnder(pathname: string, paths: readonly string[]): boolean {
  return paths.some((path) => pathname === path || pathname.startsWith(`${path}/`))
}
