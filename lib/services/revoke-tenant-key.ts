import { AppError } from '@/lib/contract/errors'
import { listApiKeys, revokeApiKey } from '@/lib/db/api-keys'
import { recordByOperator, type Operator } from './operator'

/** Ends a tenant's key at once, as an operator. AppError not_found where the tenant has no such key. */
export async function revokeTenantKey(operator: Operator, orgId: string, keyId: string): Promise<void> {
  const key = (await listApiKeys(orgId)).find(({ id }) => id === keyId)
  if (key === undefined || !(await revokeApiKey(orgId, { id: keyId }))) throw new AppError('not_found', 'There is no such key.')
  if (key.revokedAt === null) await recordByOperator(operator, orgId, 'key.revoked', `${key.name} (${key.prefix}…)`, { key: keyId })
}
