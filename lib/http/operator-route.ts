import { AppError } from '@/lib/contract/errors'
import type { Session } from '@/lib/auth/session'
import type { Operator } from '@/lib/services/operator'
import { originOf } from './actor'
import type { RouteHandler } from './route-handling'
import { sessionRoute, type SessionContext } from './session-route'

export interface OperatorContext extends SessionContext {
  operator: Operator & { userId: string }
}

/**
 * A handler of the operator's dashboard. Signed out 401; anybody but an operator who has passed the
 * second factor in this session 403.
 */
export function operatorRoute(handle: (context: OperatorContext) => Promise<Response>): RouteHandler {
  return sessionRoute((context) => {
    requireOperator(context.session)
    return handle({ ...context, operator: { userId: context.session.userId, ...originOf(context.request) } })
  })
}

/** Throws AppError insufficient_permissions for anybody else. */
export function requireOperator(session: Session): void {
  if (!session.isOperator) throw new AppError('insufficient_permissions', 'This is for operators of the installation.')
  if (!session.secondFactor) throw new AppError('insufficient_permissions', 'Sign in with your second factor first.')
}
