import { randomUUID } from 'node:crypto'
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
  /** Tokens a month; null: only the organisation's limit. */
  tokenQuota: number | null
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
  /** Null or left out: only the organisation's limit. */
  tokenQuota?: number | null
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
  tokenQuota: true,
  replacedBy: true,
} as const

type ShownRow = Omit<ApiKey, 'tokenQuota'> & { tokenQuota: bigint | null }

function shown(row: ShownRow): ApiKey {
  return { ...row, tokenQuota: row.tokenQuota === null ? null : Number(row.tokenQuota) }
}

export async function createApiKey(orgId: string, key: NewApiKeyRow): Promise<ApiKey> {
  const data = { ...key, orgId, name: storableText(key.name), scopes: [...key.scopes] }
  return shown(await withTenant(orgId, (tx) => tx.apiKey.create({ data, select: SHOWN })))
}

/** Newest first, revoked ones too. */
export async function listApiKeys(orgId: string): Promise<ApiKey[]> {
  const rows = await withTenant(orgId, (tx) => tx.apiKey.findMany({ where: { orgId }, select: SHOWN, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] }))
  return rows.map(shown)
}

/** Null where the organisation has no such key. */
export async function findApiKey(orgId: string, key: { id: string } | { hash: string }): Promise<ApiKey | null> {
  if ('id' in key && !isUuid(key.id)) return null
  const row = await withTenant(orgId, (tx) => tx.apiKey.findFirst({ where: { orgId, ...key }, select: SHOWN }))
  return row === null ? null : shown(row)
}

/** What may change of a key; what is left out stays. */
export type ApiKeyChanges = Partial<Pick<ApiKey, 'name' | 'scopes' | 'expiresAt' | 'requestsPerMinute' | 'tokenQuota'>>

/** False where the organisation has no such key, or it was revoked. */
export async function updateApiKey(orgId: string, id: string, changes: ApiKeyChanges): Promise<boolean> {
  if (!isUuid(id)) return false
  const data = { ...changes, ...(changes.name === undefined ? {} : { name: storableText(changes.name) }) }
  const { count } = await withTenant(orgId, (tx) => tx.apiKey.updateMany({ where: { orgId, id, revokedAt: null }, data }))
  return count === 1
}

/**
 * Puts a new key in a key's place, with all that the old one had. The old one ends at `endsAt`, if it would not end
 * before; at once where that is null. Null where the organisation has no such key, or it no longer holds or was
 * replaced before.
 */
export async function replaceApiKey(orgId: string, id: string, successor: Pick<NewApiKeyRow, 'prefix' | 'hash' | 'createdBy' | 'expiresAt'>, endsAt: Date | null): Promise<ApiKey | null> {
  if (!isUuid(id)) return null
  return withTenant(orgId, async (tx) => {
    // Locks the old key, so that of two who replace it at once the second finds it replaced.
    const live = { orgId, id, revokedAt: null, replacedBy: null, OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }] }
    const newId = randomUUID()
    const { count } = await tx.apiKey.updateMany({ where: live, data: { replacedBy: newId } })
    if (count === 0) return null
    const old = await tx.apiKey.findUniqueOrThrow({ where: { id }, select: SHOWN })
    const ends = endsAt === null ? { revokedAt: new Date() } : old.expiresAt === null || old.expiresAt > endsAt ? { expiresAt: endsAt } : {}
    await tx.apiKey.updateMany({ where: { orgId, id }, data: ends })
    const { name, scopes, requestsPerMinute, tokenQuota } = old
    return shown(await tx.apiKey.create({ data: { ...successor, id: newId, orgId, name, scopes, requestsPerMinute, tokenQuota }, select: SHOWN }))
  })
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
