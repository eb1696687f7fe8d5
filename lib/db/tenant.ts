import { AppError } from '@/lib/contract/errors'
import { appClient, operatorClient, type DatabaseClient } from './client'
import { isUuid } from './uuid'

/** A short transaction; never held across a stream or a call to another service. */
export type Transaction = Omit<DatabaseClient, '$connect' | '$disconnect' | '$on' | '$use' | '$extends' | '$transaction'>

/** The only way to a tenant's rows. Rejects with AppError `not_found` where `orgId` is no id. */
export function withTenant<T>(orgId: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return inTenant(orgId, work, {})
}

/**
 * The same for reading rows of several tables as they stood at one moment: Prisma reads a relation
 * by a second statement, which would otherwise see what was committed in between.
 */
export function withTenantSnapshot<T>(orgId: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return inTenant(orgId, work, { isolationLevel: 'RepeatableRead' })
}

function inTenant<T>(orgId: string, work: (tx: Transaction) => Promise<T>, options: { isolationLevel?: 'RepeatableRead' }): Promise<T> {
  if (!isUuid(orgId)) return Promise.reject(new AppError('not_found', 'There is no such organisation.'))
  return appClient().$transaction(async (tx) => {
    await tx.$queryRaw`SELECT set_config('app.tenant', ${orgId}, true)`
    return work(tx)
  }, options)
}

/** The rows of one person: account, sessions, memberships. Rejects with AppError `not_found` where `userId` is no id. */
export function withUser<T>(userId: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
  if (!isUuid(userId)) return Promise.reject(new AppError('not_found', 'There is no such person.'))
  return appClient().$transaction(async (tx) => {
    await tx.$queryRaw`SELECT set_config('app.user', ${userId}, true)`
    return work(tx)
  })
}

/** Every tenant's rows, as parley_operator: administration, sweeper, queue. */
export function withOperator<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
  return operatorClient().$transaction(work)
}
