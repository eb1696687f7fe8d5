import { operatorRoute } from '@/lib/http/operator-route'
import { revokeTenantKey } from '@/lib/services/revoke-tenant-key'

/** Revokes a tenant's key. */
export const DELETE = operatorRoute(async ({ operator, params, reply }) => {
  await revokeTenantKey(operator, params['id'] ?? '', params['keyId'] ?? '')
  return reply({ revoked: true })
})
