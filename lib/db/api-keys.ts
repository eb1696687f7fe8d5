import type { Plan } from '@/lib/domain/plans'
import { appClient } from './client'
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
}

/** What a presented key stands for, whatever its state: the caller judges. */
export interface ApiKeyIdentity {
  keyId: string
  orgId: string
  plan: Plan
  scopes: string[]
  expiresAt: Date | null
  revokedAt: Date | null
  orgSuspendedAt: Date | null
}

export interface NewApiKeyRow {
  name: string
  scopes: readonly string[]
  createdBy: string | null
  expiresAt: Date | null
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

interface IdentityRow {
  key_id: string
  org_id: string
  plan: Plan
  scopes: string[]
  expires_at: Date | null
  revoked_at: Date | null
  org_suspended_at: Date | null
}

/** One round trip, before any tenant is known; keeps a valid key's last use by the minute. */
export async function findApiKeyByHash(hash: string): Promise<ApiKeyIdentity | null> {
  const rows = await appClient().$queryRaw<IdentityRow[]>`SELECT * FROM find_api_key(${hash})`
  const row = rows[0]
  if (row === undefined) return null
  return {
    keyId: row.key_id,
    orgId: row.org_id,
    plan: row.plan,
    scopes: row.scopes,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    orgSuspendedAt: row.org_suspended_at,
  }
}
