import { storableText } from './storable-text'
import { withTenant } from './tenant'
import { isUuid } from './uuid'

export interface ApiKey {
  id: string
  name: string
  /** The first characters of the key, to tell keys apart. */
  prefix: string
  scopes: string[]
  createdBy: string | null
  createdAt: Date
  expiresAt: Date | null
  /** To the minute. */
  lastUsedAt: Date | null
  revokedAt: Date | null
  /** Null: the plan's. */
  requestsPerMinute: number | null
  /** The key that took its place when it was rotated. */
  replacedBy: string | null
}

export interface NewApiKeyRow {
  name: string
  scopes: readonly string[]
  createdBy: string | null
  expiresAt: Date | null
  /** Null or left out: the plan's. */
  requestsPerMinute?: number | null
  prefix: string
  /** sha256 of the key, hex; the key itself is never stored. */
  hash: string
}

const SHOWN = {
  id: true,
  name: true,
  prefix: true,
  scopes: true,
  createdBy: true,
  createdAt: true,
  expiresAt: true,
  lastUsedAt: true,
  revokedAt: true,
  requestsPerMinute: true,
  replacedBy: true,
} as const

export async function createApiKey(orgId: string, key: NewApiKeyRow): Promise<ApiKey> {
  return withTenant(orgId, (tx) =>
    tx.apiKey.create({ data: { ...key, orgId, name: storableText(key.name), scopes: [...key.scopes] }, select: SHOWN }),
  )
}

/** Newest first, revoked ones too. */
export async function listApiKeys(orgId: string): Promise<ApiKey[]> {
  return withTenant(orgId, (tx) =>
    tx.apiKey.findMany({ where: { orgId }, select: SHOWN, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] }),
  )
}

/** False where the organisation has no such key. */
export async function renameApiKey(orgId: string, id: string, name: string): Promise<boolean> {
  if (!isUuid(id)) return false
  const { count } = await withTenant(orgId, (tx) => tx.apiKey.updateMany({ where: { orgId, id }, data: { name: storableText(name) } }))
  return count === 1
}

/** True also where it was revoked before; false where the organisation has no such key. */
export async function revokeApiKey(orgId: string, key: { id: string } | { hash: string }): Promise<boolean> {
  if ('id' in key && !isUuid(key.id)) return false
  return withTenant(orgId, async (tx) => {
    const row = await tx.apiKey.findFirst({ where: { orgId, ...key }, select: { id: true } })
    if (row === null) return false
    await tx.apiKey.updateMany({ where: { orgId, id: row.id, revokedAt: null }, data: { revokedAt: new Date() } })
    return true
  })
}

/** Why a key that was valid is no longer: it was revoked (or is gone with its organisation), or its organisation is suspended. Null where it is as before. */
export async function accessEnd(orgId: string, keyId: string): Promise<'revoked' | 'suspended' | null> {
  return withTenant(orgId, async (tx) => {
    const key = await tx.apiKey.findFirst({ where: { orgId, id: keyId }, select: { revokedAt: true, organization: { select: { suspendedAt: true } } } })
    if (key === null || key.revokedAt !== null) return 'revoked'
    return key.organization.suspendedAt === null ? null : 'suspended'
  })
}
