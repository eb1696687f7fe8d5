import { newApiKey } from '@/lib/auth/api-key-format'
import { createApiKey as storeApiKey } from '@/lib/db/api-keys'
import type { Scope } from '@/lib/domain/permissions'

interface NewKey {
  name: string
  scopes: readonly Scope[]
  createdBy: string
}

/** Makes a key and stores its hash. The key itself is in the answer alone and cannot be had again. */
export async function createApiKey(orgId: string, { name, scopes, createdBy }: NewKey): Promise<{ id: string; key: string }> {
  const { key, prefix, hash } = newApiKey()
  const { id } = await storeApiKey(orgId, { name, scopes, createdBy, expiresAt: null, prefix, hash })
  return { id, key }
}
